"""One-token masks: a single token says what is meant, and prompts a mask decoder in every frame.

After VideoLISA, "One Token to Seg Them All: Language Instructed Reasoning Segmentation in Videos"
(Bai et al., 2024, arXiv:2409.19603). As there, and in its released code: a model reads all frames
sparsely, as means, and a few densely, then the words, then a token <TRK>; the state of <TRK> goes
through two layers (linear, ReLU, linear) and is the prompt with which the same mask decoder looks
at each frame by itself. So equal frames get equal masks, and their order plays no part in it.

What differs: a small transformer stands in for the language model and a product with each cell for
the decoder of SAM; any other can be given (`masks(..., decoder=)`). One projection serves cells and
words, and the prompt starts out as the words themselves, because they share a space here, so that
what is learnt in seconds holds for other words. Masks have a value per cell. As a head it says
when: a frame's saliency is what its surest cell says.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.cells import CellHead
from vtk_notebooks.blocks.grounding.curves import runs_of
from vtk_notebooks.blocks.grounding.joint_encoder import LAYER
from vtk_notebooks.errors import SpaceError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens

Decoder = Callable[[Float[Tensor, "n c h w"], Float[Tensor, "n c"]], Float[Tensor, "n h w"]]
"""Features of frames, and a prompt for each, to a logit for each cell."""


class CellDecoder(nn.Module):
    """The default decoder: how alike a cell and the prompt are, more than a learned threshold."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.sharpness = nn.Parameter(torch.tensor(10.0))
        self.threshold = nn.Parameter(torch.tensor(0.5))
        self.refine = nn.Sequential(nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden))
        self.gain = nn.Parameter(torch.tensor(0.1))

    def forward(
        self, features: Float[Tensor, "n c h w"], prompt: Float[Tensor, "n c"]
    ) -> Float[Tensor, "n h w"]:
        cells = rearrange(features, "n c h w -> n h w c")
        cells = cells + self.gain * self.refine(cells)
        alike = cosine_similarity(cells, prompt[:, None, None], dim=-1)
        return self.sharpness * (alike - self.threshold)


class Kernel(nn.Module):
    """The trainable part: padded cells and words in, a mask for each frame out.

    As aux: "mask_logits" (b t h w), "features" (b t h w c) and "prompt" (b c), what the decoder was
    given.
    """

    def __init__(
        self, width: int, hidden: int = 64, layers: int = 2, heads: int = 4, dense: int = 4
    ) -> None:
        super().__init__()
        self.dense = dense
        self.project = nn.Linear(width, hidden)
        self.kind = nn.Parameter(0.02 * torch.randn(4, hidden))  # sparse, dense, word, <TRK>
        self.layers = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(hidden, heads, 2 * hidden, **LAYER),
            layers,
            enable_nested_tensor=False,
        )
        self.to_prompt = nn.Sequential(
            nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden)
        )
        self.gain = nn.Parameter(torch.tensor(0.1))
        self.decoder = CellDecoder(hidden)

    def forward(
        self,
        video: Float[Tensor, "b t h w d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        cells, words = self.project(video), self.project(text)
        prompt = self.prompt(cells, video_mask, words, text_mask)
        frames = rearrange(cells, "b t h w c -> (b t) c h w")
        each = prompt.repeat_interleave(cells.shape[1], 0)
        logits = rearrange(self.decoder(frames, each), "(b t) h w -> b t h w", b=len(cells))
        there = video.norm(dim=-1) > 0  # cells that nothing speaks for are not looked at
        logits = torch.where(there, logits, -30.0)
        curve = logits.flatten(2).amax(2).sigmoid()
        clips = even_clips(video_mask) if clips is None else clips
        spans, scores = runs_of(curve, video_mask, clips)
        aux = {"mask_logits": logits, "features": cells, "prompt": prompt}
        return Grounding(spans, scores, curve, aux)

    def prompt(
        self,
        cells: Float[Tensor, "b t h w c"],
        video_mask: Bool[Tensor, "b t"],
        words: Float[Tensor, "b l c"],
        text_mask: Bool[Tensor, "b l"],
    ) -> Float[Tensor, "b c"]:
        """What <TRK> makes of the film and the words."""
        sparse = cells.mean((2, 3)) + self.kind[0]
        many = min(self.dense, cells.shape[1])
        part = (torch.arange(many, device=cells.device) + 0.5) / many
        chosen = (part * video_mask.sum(1, keepdim=True)).long()
        row = torch.arange(len(cells), device=cells.device)[:, None]
        dense = cells[row, chosen].flatten(1, 3) + self.kind[1]
        said = (words * text_mask[..., None]).sum(1) / text_mask.sum(1, keepdim=True)
        track = (said + self.kind[3])[:, None]
        x = torch.cat([sparse, dense, words + self.kind[2], track], 1)
        ones = torch.ones_like(x[..., 0], dtype=torch.bool)
        seen, rest = video_mask, dense.shape[1]
        there = torch.cat([seen, ones[:, :rest], text_mask, ones[:, :1]], 1)
        state = self.layers(x, src_key_padding_mask=~there)[:, -1]
        return said + self.gain * self.to_prompt(state)


@register(
    "head",
    "one_token_masks",
    title="One token for all masks (VideoLISA)",
    paper="One Token to Seg Them All: Language Instructed Reasoning Segmentation in Videos",
    year=2024,
    arxiv="2409.19603",
    atlas=("videolisa",),
)
@dataclass(frozen=True, eq=False)
class OneTokenMasks(CellHead):
    """A trained head that answers with masks, and with when they are not empty.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    network = Kernel
    objectives = ("mask_prediction",)

    @torch.no_grad()
    def masks(
        self, tokens: Tokens, query: Query, decoder: Decoder | None = None
    ) -> Float[Tensor, "t h w"]:
        """The probability that each cell is part of what is asked for; nan where no token is left.

        Args:
            tokens: of the film.
            query: in the head's space.
            decoder: in place of the trained one; it is given what that would be given.
        """
        if query.space != self.space:
            raise SpaceError("OneTokenMasks", f"a question in {self.space!r}", query.space)
        aux = self.grounding(tokens, query).aux
        logits = aux["mask_logits"][0]
        if decoder is not None:
            frames = rearrange(aux["features"][0], "t h w c -> t c h w")
            logits = decoder(frames, aux["prompt"].expand(len(frames), -1))
        return torch.where(tokens.kept(), logits.sigmoid(), torch.nan)
