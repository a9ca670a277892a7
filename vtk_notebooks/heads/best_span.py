"""Best span: stretches of film that answer the question better than most of it. No weights.

A baseline of our own. Each frame is scored by its few best cells, since what is asked for rarely
fills the frame. A threshold between the curve's mean and its maximum is taken away, and within
each shot the moments are the maximal scoring segments of what is left, in seconds: those of "A
Linear Time Algorithm for Finding All Maximal Scoring Subsequences" (Ruzzo and Tompa, 1999). So a
moment runs through a weak frame where its neighbours make up for it.

Shots are seen in the tokens themselves: at a cut, the mean features of neighbouring frames lie on
opposite sides of the film's mean and much farther apart than neighbours mostly do.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import cosine_similarity

from vtk_notebooks.blocks.grounding.curves import maximal_segments, nearest_seen
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


@register("head", "best_span", title="Best span", paper="baseline")
@dataclass(frozen=True)
class BestSpan:
    """The maximal scoring segments of the similarity curve, best first.

    A moment's score is its mean similarity, diluted by `doubt_s` seconds of the threshold: one
    good frame proves less than a good second. Scores of one question compare across films.

    Args:
        best: part of a frame's cells, the most alike ones, that makes its score.
        level: where the threshold lies, from 0 at the curve's mean to 1 at its maximum.
        shots: no moment runs across a cut.
        doubt_s: see above.
        most: moments to answer with.
    """

    best: float = 0.05
    level: float = 0.5
    shots: bool = True
    doubt_s: float = 1.0
    most: int = 5

    def __post_init__(self) -> None:
        if not (0 < self.best <= 1 and 0 <= self.level < 1):
            got = f"best={self.best}, level={self.level}"
            raise VtkError("BestSpan", "best in (0, 1] and level in [0, 1)", got)
        if not (self.doubt_s >= 0 and self.most >= 1):
            got = f"doubt_s={self.doubt_s}, most={self.most}"
            raise VtkError("BestSpan", "doubt_s of 0 or more and most of 1 or more", got)

    def __call__(self, tokens: Tokens, query: Query) -> list[Moment]:
        seen = self.saliency(tokens, query).to(tokens.times_s)
        if seen.isnan().all():
            return []
        near = nearest_seen(seen, tokens.times_s)
        film = _Film(seen[near], tokens.times_s, tokens.ends_s(), tokens.duration_s, query.text)
        floor = film.curve.mean().lerp(film.curve.max(), self.level)
        gain = (film.curve - floor) * (film.ends_s - film.times_s)
        if film.curve.max() - film.curve.mean() < 1e-6:  # nothing stands out
            return [self._moment(film, 0, len(gain), floor)]
        cut = _cuts(tokens, query.space, seen)[near] if self.shots else torch.zeros_like(near)
        spans = [span for shot in _runs(cut) for span in maximal_segments(gain, *shot)]
        found = [self._moment(film, *span, floor) for span in spans]
        return sorted(found, key=lambda m: -m.score)[: self.most]

    def saliency(self, tokens: Tokens, query: Query) -> Float[Tensor, "t"]:
        x = tokens.part(query.space).to(tokens.share.dtype)
        cosine = cosine_similarity(x, query.vector.to(x)[None], dim=-1)
        return tokens.per_frame(cosine, best=self.best)

    def _moment(self, film: "_Film", first: int, stop: int, floor: Tensor) -> Moment:
        lasts_s = (film.ends_s - film.times_s)[first:stop]
        sure = (film.curve[first:stop] * lasts_s).sum() + floor * self.doubt_s
        score = sure / (lasts_s.sum() + self.doubt_s)
        start_s, end_s = max(0.0, film.times_s[first].item()), film.ends_s[stop - 1].item()
        if film.duration_s > start_s:  # single precision may lie a hair behind it
            end_s = min(end_s, film.duration_s)
        return Moment(start_s, end_s, score.item(), film.text)


class _Film(NamedTuple):
    """What a moment is cut from."""

    curve: Float[Tensor, "t"]
    times_s: Float[Tensor, "t"]
    ends_s: Float[Tensor, "t"]
    duration_s: float
    text: str


def _cuts(tokens: Tokens, space: str, seen: Float[Tensor, "t"]) -> Int[Tensor, "t"]:
    """Shot number of every frame that has tokens; others get that of the frame before."""
    there = ~seen.isnan()
    mean = _frame_means(tokens, space)[there]
    step = mean.diff(dim=0).norm(dim=-1)
    mean = mean - mean.mean(0)
    across = cosine_similarity(mean[1:], mean[:-1], dim=-1) < 0.1
    far = step > 2 * step.median() if len(step) else step > 0
    cut = torch.zeros(len(seen), dtype=torch.long, device=seen.device)
    cut[there.nonzero().squeeze(1)[1:]] = (across & far).long()
    return cut.cumsum(0)


def _frame_means(tokens: Tokens, space: str) -> Float[Tensor, "t d"]:
    """Mean feature of each frame over the cells that tokens still speak for; 0 without any."""
    token, cell = tokens.edges.unbind(1)
    t, h, w = tokens.grid
    weight = tokens.share.new_zeros(t, len(tokens))
    weight = weight.index_put((cell // (h * w), token), tokens.share, accumulate=True)
    weight = weight / weight.sum(1, keepdim=True).clamp_min(1e-12)
    return weight @ tokens.part(space).to(weight.dtype)


def _runs(shot: Int[Tensor, "t"]) -> list[tuple[int, int]]:
    """First frame and stop of each run of equal numbers."""
    inner = ((shot.diff() != 0).nonzero().squeeze(1) + 1).tolist()
    return list(zip([0, *inner], [*inner, len(shot)], strict=True))
