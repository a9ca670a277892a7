"""Key events: a few frames stand for all others, and questions are held against them.

After Me-Retriever, in "Multi-event Video-Text Retrieval" (Zhang et al., 2023, arXiv:2308.11551). As
there: the frames of a film are clustered by k-medoids++ into 16 key events, which are frames
themselves, in order of time; how well a film fits a sentence is the cosine of the sentence and the
mean of the events' unit vectors, so that each event counts once, however long it lasts.

What differs: the paper clusters inside CLIP and trains it; here frames come as they are. As a head
it also says when: a frame answers as well as the event that stands for it does, so that a moment is
made of whole events. A film can be as good as its best event (`pooling`).
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import cosine_similarity

from vtk_notebooks.blocks.grounding.batch import frame_means
from vtk_notebooks.blocks.grounding.curves import moments_of
from vtk_notebooks.blocks.medoids import medoids
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


class Events(NamedTuple):
    """What stands for a film."""

    frames: Int[Tensor, "k"]
    """Number of each event's frame, rising."""
    event: Int[Tensor, "t"]
    """For each frame of the film the number of its event."""
    features: Float[Tensor, "k d"]
    """Unit vectors of the events."""


@register(
    "head",
    "key_events",
    title="Key events (Me-Retriever)",
    paper="Multi-event Video-Text Retrieval",
    year=2023,
    arxiv="2308.11551",
    atlas=("me_retriever",),
)
@dataclass(frozen=True)
class KeyEvents:
    """Questions against the medoids of a film's frames; no weights.

    Args:
        events: that stand for a film, at most.
        pooling: how a film fits a sentence: "mean" of its events, or "max", its best event.
        level: where a moment's threshold lies, from 0 at the curve's mean to 1 at its maximum.
        most: moments to answer with.
        seed: of the clusters' starts.
    """

    events: int = 16
    pooling: str = "mean"
    level: float = 0.5
    most: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        if self.pooling not in ("mean", "max") or self.events < 1 or self.most < 1:
            got = f"events={self.events}, pooling={self.pooling!r}, most={self.most}"
            raise VtkError("KeyEvents", "an event, a moment, and pooling 'mean' or 'max'", got)

    def __call__(self, tokens: Tokens, query: Query) -> list[Moment]:
        curve = self.saliency(tokens, query)
        return moments_of(curve, tokens, query.text, level=self.level, most=self.most)

    def saliency(self, tokens: Tokens, query: Query) -> Float[Tensor, "t"]:
        found = self.of(tokens, query.space)
        alike = cosine_similarity(found.features, _vector(query, found)[None], dim=-1)
        return torch.where(tokens.kept().flatten(1).any(1), alike[found.event], torch.nan)

    def of(self, tokens: Tokens, space: str) -> Events:
        """A film's key events, as one space sees them."""
        frames = frame_means(tokens, space)
        chosen, event = medoids(frames, self.events, seed=self.seed)
        return Events(chosen, event, frames[chosen])

    def fits(self, tokens: Tokens, query: Query) -> float:
        """How well the whole film fits a sentence, in [-1, 1], for retrieval."""
        found = self.of(tokens, query.space)
        asked = _vector(query, found)
        if self.pooling == "mean":
            return cosine_similarity(found.features.mean(0), asked, dim=0).item()
        return cosine_similarity(found.features, asked[None], dim=-1).max().item()


def _vector(query: Query, found: Events) -> Float[Tensor, "d"]:
    return query.vector.to(found.features)
