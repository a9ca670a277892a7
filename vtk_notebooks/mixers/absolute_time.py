"""Absolute time: every token is told which second of the film it was seen in.

After "VTG-LLM: Integrating Timestamp Knowledge into Video LLMs for Enhanced Video Temporal
Grounding" (Guo et al., 2024, arXiv:2405.13382). As there: a table of 8192 rows, one for each
second, is looked up at the nearest one and added to the tokens of a frame, before slots gather them
in no order; it starts at zero, so that a model in training starts as it was. Minute five is the
same row in a film of ten minutes and in one of an hour.

What differs: a token of several frames is told the second of their mean time, weighted by its
shares, so that the table may also stand behind a merge; a token without cells is told nothing.
Seconds behind the last row become the last row.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from vtk_notebooks.blocks.kernels import frozen, load_kernel, precise
from vtk_notebooks.errors import ShapeError
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens, weakest


class SecondTable(nn.Module):
    """The trainable kernel: one vector for each second, zero at first.

    Args:
        width: channels of a token.
        seconds: rows.
    """

    def __init__(self, width: int, seconds: int = 8192) -> None:
        super().__init__()
        self.config = {"width": width, "seconds": seconds}
        self.table = nn.Embedding(seconds, width)
        nn.init.zeros_(self.table.weight)

    def row(self, time_s: Float[Tensor, "*n"]) -> Int[Tensor, "*n"]:
        """The row of a time: the nearest second there is."""
        return time_s.round().long().clamp(0, self.table.num_embeddings - 1)

    def forward(
        self, x: Float[Tensor, "*n d"], time_s: Float[Tensor, "*n"]
    ) -> Float[Tensor, "*n d"]:
        return x + self.table(self.row(time_s))


def token_times_s(tokens: Tokens) -> Float[Tensor, "n"]:
    """The mean time of each token's cells, weighted by share; nan without cells."""
    token, cell = tokens.edges.unbind(1)
    frame = cell // (tokens.grid[1] * tokens.grid[2])
    times_s = tokens.times_s.to(tokens.share)[frame]
    mean = tokens.share.new_zeros(len(tokens)).index_add(0, token, tokens.share * times_s)
    return torch.where(tokens.mass() > 0, mean, torch.nan)


@register(
    "mixer",
    "absolute_time",
    title="Absolute time (VTG-LLM)",
    paper=(
        "VTG-LLM: Integrating Timestamp Knowledge into Video LLMs for Enhanced Video Temporal "
        "Grounding"
    ),
    year=2024,
    arxiv="2405.13382",
    atlas=("vtg_llm",),
)
@dataclass(frozen=True)
class AbsoluteTime:
    """Add to each token the vector of its second.

    Args:
        file: safetensors with a trained `SecondTable`; "" adds nothing, as before training.
    """

    causal: ClassVar[bool] = True

    file: str = ""

    def __call__(self, tokens: Tokens) -> Tokens:
        if not self.file:
            return tokens
        kernel = frozen(load_kernel(SecondTable, self.file), tokens.x)
        if kernel.config["width"] != tokens.x.shape[1]:
            expected = f"{kernel.config['width']} channels, as {self.file} has"
            raise ShapeError("AbsoluteTime", expected, tokens.x.shape[1], "Mind the encoder.")
        time_s = token_times_s(tokens)
        told = kernel(torch.zeros_like(precise(tokens.x)), time_s.nan_to_num())
        told = torch.where(time_s.isnan()[:, None], 0, told).to(tokens.x.dtype)
        return replace(tokens, x=tokens.x + told, kind=weakest(tokens.kind, "receptive"))
