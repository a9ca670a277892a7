"""Long text: a text encoder reads more than it was trained for, its places stretched.

After PPLLaVA, "PPLLaVA: Varied Video Sequence Understanding With Prompt Guidance" (Liu et al.,
2024, arXiv:2411.02327), its extension of CLIP's text context, which is that of "Long-CLIP:
Unlocking the Long-Text Capability of CLIP" (Zhang et al., 2024). As in its released code: the first
20 position vectors are kept, for they are the ones that were trained well; from there on each step
between two vectors becomes 4, linearly interpolated; the last vector goes on in the direction of
the last step. CLIP's 77 places become 4 x 77 - 3 x 20 = 248. Training goes on from there with the
first 20 places held fixed: `LongPositions` does that, and `read_longer` gives it to a CLIP text
model of transformers.

What differs: there is no CLIP here whose weights may be had without a network, so this encoder sees
with ConSE and reads with MiniLM, whose 256 places become 964. It was not trained on. A text of 208
word pieces, which the model also reads as it is, then gets a vector with a cosine of 0.95 to its
own (`tests/encoders/test_long_text.py`); how well longer ones are understood was not measured.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from vtk_notebooks import registry
from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models import minilm
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


def stretched(table: Float[Tensor, "p d"], keep: int = 20, factor: int = 4) -> Float[Tensor, "q d"]:
    """More position vectors: the first as they are, the others so many times farther apart.

    Args:
        table: two or more vectors.
        keep: of them, at the start, up to all but one.
        factor: steps for each step between the others; 1 changes nothing.
    """
    if not 0 <= keep < len(table) or len(table) < 2 or factor < 1:
        got = f"{len(table)} vectors, keep={keep}, factor={factor}"
        raise VtkError("stretched", "keep below the number of vectors and a factor above 0", got)
    step = table.diff(dim=0)
    step = torch.cat([step, step[-1:]])[keep:]  # the last one goes on as the step before it
    part = torch.arange(factor, device=table.device).to(table) / factor
    later = table[keep:, None] + step[:, None] * part[:, None]
    return torch.cat([table[:keep], later.flatten(0, 1)])


class LongPositions(nn.Module):
    """Stretched position vectors, of which only the later ones learn; stands in for an embedding.

    Args:
        table: the old vectors.
        keep: see `stretched`; these stay as they are.
        factor: likewise.
    """

    kept: Tensor

    def __init__(self, table: Float[Tensor, "p d"], keep: int = 20, factor: int = 4) -> None:
        super().__init__()
        longer = stretched(table.detach(), keep, factor)
        self.register_buffer("kept", longer[:keep].clone())
        self.later = nn.Parameter(longer[keep:].clone())

    @property
    def weight(self) -> Float[Tensor, "q d"]:
        """All vectors."""
        return torch.cat([self.kept, self.later])

    def forward(self, places: Int[Tensor, "*b l"]) -> Float[Tensor, "*b l d"]:
        return self.weight[places]


def read_longer(model: Any, keep: int = 20, factor: int = 4) -> int:
    """Let a `CLIPTextModel` of transformers read more; gives the number of places it has now.

    Args:
        model: changed in place.
        keep: see `stretched`.
        factor: likewise.
    """
    embeddings = model.embeddings
    embeddings.position_embedding = LongPositions(
        embeddings.position_embedding.weight, keep, factor
    )
    many = len(embeddings.position_embedding.weight)
    embeddings.position_ids = torch.arange(many, device=embeddings.position_ids.device)[None]
    model.config.max_position_embeddings = many
    return many


@register(
    "encoder",
    "long_text",
    title="Long text (PPLLaVA)",
    paper="PPLLaVA: Varied Video Sequence Understanding With Prompt Guidance",
    year=2024,
    arxiv="2411.02327",
    atlas=("ppllava",),
)
@dataclass(frozen=True)
class LongText:
    """Sees as ConSE does, and reads questions of up to 962 word pieces instead of 254.

    Args:
        keep: places at the start that stay as they are.
        factor: steps for each step between the others.
        batch: frames at a time.
        device: "auto" is CUDA where there is one.
    """

    space: ClassVar[str] = "conse"

    keep: int = 20
    factor: int = 4
    batch: int = 8
    device: str = "auto"

    def __post_init__(self) -> None:
        if not 0 <= self.keep < minilm.LONGEST or self.factor < 1:
            got = f"keep={self.keep}, factor={self.factor}"
            raise VtkError("LongText", f"keep in [0, {minilm.LONGEST}) and a factor above 0", got)

    def weights(self) -> str:
        """What the weights are, and how their places were stretched."""
        return f"{self._sees().weights()}, places {self.keep} + {self.factor} x the others"

    def __call__(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token per cell; `progress` is told frames done and frames in all."""
        return self._sees()(clip, progress)

    def read(self, text: str) -> Query:
        """The question as vectors of this space, whole where it is long."""
        places = stretched(minilm.positions(), self.keep, self.factor)
        vector, words, tokens = minilm.read(text, places)
        return Query(text, vector, words, tokens, self.space)

    def _sees(self) -> Any:
        return registry.build("encoder", "conse", batch=self.batch, device=self.device)
