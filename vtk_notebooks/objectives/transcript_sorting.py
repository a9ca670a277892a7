"""Transcript sorting: shuffled pieces of speech are put in order with the help of the film.

After "Learning Transferable Spatiotemporal Representations from Natural Script Knowledge" (Zeng et
al., 2022, arXiv:2209.15280), TVTS. As there: what is said in a film is cut into K = 4 pieces in
order of time and shuffled; one vector of each piece, which gets no gradient, and the film's tokens
go through a transformer of two layers with twelve heads, each with a code for its kind; from where
a piece comes out, a linear layer tells which of the K places it had. Pieces carry no code of place,
so only what is seen can tell; the loss is the cross-entropy, weighed 2, beside the contrast of film
and mean text.

What differs: details of the layers (pre-norm, GELU, 4 x width) and the temperature, 0.05, could not
be verified. That three quarters of the patches are hidden from the film's encoder is for the caller
to do (`compressors.route.random_token_drop`).
"""

from dataclasses import dataclass

import torch
from einops import rearrange, reduce
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from vtk_notebooks.blocks.contrast import cosines, symmetric_cross_entropy
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.registry import register


class TranscriptSorter(nn.Module):
    """The trainable kernel: film and shuffled pieces in, a place for each piece out.

    Args:
        width: channels of tokens and of pieces; a multiple of `heads`.
        pieces: K.
        depth: layers.
        heads: of each.
    """

    def __init__(self, width: int, pieces: int = 4, depth: int = 2, heads: int = 12) -> None:
        super().__init__()
        if width % heads:
            raise VtkError("TranscriptSorter", f"a width that {heads} heads divide", width)
        self.config = {"width": width, "pieces": pieces, "depth": depth, "heads": heads}
        self.kinds = nn.Parameter(0.02 * torch.randn(2, width))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, heads, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True
            )
            for _ in range(depth)
        )
        self.norm = nn.LayerNorm(width)
        self.place = nn.Linear(width, pieces)

    def forward(
        self, video: Float[Tensor, "b n d"], text: Float[Tensor, "b k d"]
    ) -> Float[Tensor, "b k k"]:
        """How much each piece belongs to each place.

        Args:
            video: tokens of the film, which know their own place in time.
            text: one vector for each piece, shuffled; no gradient passes.
        """
        if text.shape[1] != self.config["pieces"]:
            raise ShapeError("TranscriptSorter", f"{self.config['pieces']} pieces", text.shape[1])
        x = torch.cat([video + self.kinds[0], text.detach() + self.kinds[1]], 1)
        for layer in self.layers:
            x = layer(x)
        return self.place(self.norm(x[:, video.shape[1] :]))


def shuffled(
    text: Float[Tensor, "b k d"], generator: torch.Generator
) -> tuple[Float[Tensor, "b k d"], Int[Tensor, "b k"]]:
    """Pieces of each film in a random order, and the place that each of them had."""
    b, k, _ = text.shape
    place = torch.rand(b, k, generator=generator).argsort(1).to(text.device)
    return text.gather(1, place[..., None].expand_as(text)), place


@register(
    "objective",
    "transcript_sorting",
    title="Transcript sorting (TVTS)",
    paper="Learning Transferable Spatiotemporal Representations from Natural Script Knowledge",
    year=2022,
    arxiv="2209.15280",
    atlas=("tvts",),
)
@dataclass(frozen=True)
class TranscriptSorting:
    """Cross-entropy of places and contrast of film and text.

    Args:
        sorting: weight of the former.
        contrast: weight of the latter.
        tau: temperature of the contrast.
    """

    sorting: float | int = 2
    contrast: float | int = 1
    tau: float = 0.05

    def __call__(
        self,
        logits: Float[Tensor, "b k k"],
        place: Int[Tensor, "b k"],
        video: Float[Tensor, "b d"] | None = None,
        text: Float[Tensor, "b k d"] | None = None,
    ) -> dict[str, Tensor]:
        """The terms by name, and "total".

        Args:
            logits: of a `TranscriptSorter`.
            place: the true place of each piece, as `shuffled` gives it.
            video: one vector for each film; without it there is no contrast.
            text: of the pieces, in any order; their mean is contrasted with the film.
        """
        if not ((place >= 0) & (place < logits.shape[2])).all():
            got = f"{int(place.min())} to {int(place.max())}"
            raise ShapeError("TranscriptSorting", f"places below {logits.shape[2]}", got)
        flat = rearrange(logits, "b k p -> (b k) p")
        terms = {"sorting": cross_entropy(flat, rearrange(place, "b k -> (b k)"))}
        if video is not None and text is not None:
            alike = cosines(video, reduce(text, "b k d -> b d", "mean"))
            terms["contrast"] = symmetric_cross_entropy(alike / self.tau)
        total = torch.stack([getattr(self, name) * term for name, term in terms.items()]).sum()
        return {**terms, "total": total}
