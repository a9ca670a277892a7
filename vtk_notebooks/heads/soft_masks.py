"""Soft masks: nothing is trained; spans are moved, film by film, until they fit what is said.

After ZeroTA, "Zero-Shot Dense Video Captioning by Jointly Optimizing Text and Moment" (Jo et al.,
2023, arXiv:2307.02682). As there: a moment is a soft mask with a centre and a width behind
sigmoids; at test time, by gradient, the mean frame under each mask is made to match its text, masks
are kept from overlapping, and text and mask are optimised together. The exact formulas could not be
verified.

What differs: instead of prefixes of GPT-2 a text is a mixture of given phrases, which entropy keeps
close to a single one (`dense`); or it is the question and stays as it is, where of two masks that
overlap the one that fits less has to yield. As a fixed text cannot give way, the best mean would be
that of one frame; so what lies outside a mask must also match its text less (`contrast`). Masks
start wide and grow sharper. A frame is the mean of its tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import cosine_similarity, normalize

from vtk_notebooks.blocks.grounding.batch import clip_ends, frame_means, length_s
from vtk_notebooks.blocks.grounding.soft_spans import pairwise_soft_iou, soft_iou, soft_span
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.moment import Moment, without_overlaps
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


class Fitted(NamedTuple):
    """Masks of one film, where the optimisation has left them."""

    masks: Float[Tensor, "m t"]
    spans: Float[Tensor, "m 2"]
    """Start and end, as parts of the film; they may reach beyond it."""
    match: Float[Tensor, "m"]
    """How much better its text fits inside than outside, in [-2, 2]; with no contrast, inside."""
    text: Float[Tensor, "m p"]
    """The share of each phrase in each text."""
    losses: dict[str, list[float]]
    """Of every step, by name: "match", "overlap" and "entropy"."""


@register(
    "head",
    "soft_masks",
    title="Soft moment masks (ZeroTA)",
    paper="Zero-Shot Dense Video Captioning by Jointly Optimizing Text and Moment",
    year=2023,
    arxiv="2307.02682",
    atlas=("zerota",),
)
@dataclass(frozen=True)
class SoftMasks:
    """Moments found at test time, without weights.

    Args:
        masks: that are moved.
        steps: of Adam.
        rate: its learning rate.
        width: at the start, as a part of the film.
        sharpness: of the masks' slopes, at first and at last.
        apart: weight of the overlap of masks.
        contrast: weight of what lies outside a mask.
        plain: weight of the entropy of texts.
        overlap: two answers never have a larger IoU.
    """

    masks: int = 4
    steps: int = 150
    rate: float = 0.1
    width: float = 0.3
    sharpness: tuple[float, float] = (20.0, 60.0)
    apart: float = 0.2
    contrast: float = 1.0
    plain: float = 0.1
    overlap: float = 0.5

    def __post_init__(self) -> None:
        if self.masks < 1 or self.steps < 1 or not 0 < self.width < 1:
            got = f"masks={self.masks}, steps={self.steps}, width={self.width}"
            raise VtkError("SoftMasks", "a mask, a step and a width in (0, 1)", got)

    def __call__(self, tokens: Tokens, query: Query) -> list[Moment]:
        fitted = self.fit(tokens, [query])
        return without_overlaps(self.moments(tokens, fitted, [query]), self.overlap)

    def saliency(self, tokens: Tokens, query: Query) -> Float[Tensor, "t"]:
        frames = frame_means(tokens, query.space)
        fits = cosine_similarity(frames, query.vector.to(frames)[None], dim=-1)
        return torch.where(tokens.kept().flatten(1).any(1), fits, torch.nan)

    def dense(self, tokens: Tokens, phrases: Sequence[Query]) -> list[Moment]:
        """Moments and what they show, in order of time: text and masks are found together.

        Args:
            tokens: of the film.
            phrases: what may happen; each mask takes the one that its text comes closest to.
        """
        return sorted(self.moments(tokens, self.fit(tokens, phrases), phrases), key=_start)

    def fit(self, tokens: Tokens, phrases: Sequence[Query]) -> Fitted:
        """Move the masks; with a single phrase their text is that phrase.

        Args:
            tokens: of the film.
            phrases: that texts are mixed of, all of one space.
        """
        spaces = {phrase.space for phrase in phrases}
        if len(spaces) != 1:
            raise SpaceError("SoftMasks", "phrases, all of one space", sorted(spaces))
        frames = frame_means(tokens, spaces.pop())
        words = normalize(torch.stack([p.vector for p in phrases]).to(frames), dim=-1)
        # whoever asks may have gradients off, or need them for something else
        with torch.enable_grad():
            return self._fit(frames.detach(), words.detach(), clip_ends(tokens).to(frames))

    def _fit(
        self,
        frames: Float[Tensor, "t d"],
        words: Float[Tensor, "p d"],
        clips: Float[Tensor, "t 2"],
    ) -> Fitted:
        even = (torch.arange(self.masks).to(frames) + 0.5) / self.masks
        centre = even.logit().requires_grad_()
        wide = torch.full_like(even, self.width).logit().requires_grad_()
        text = frames.new_zeros(self.masks, len(words)).requires_grad_()
        look = partial(self._look, centre, wide, text, frames=frames, words=words, clips=clips)
        optimiser = torch.optim.Adam([centre, wide, text], self.rate)
        losses: dict[str, list[Tensor]] = {"match": [], "overlap": [], "entropy": []}
        low, high = self.sharpness
        for step in range(self.steps):
            sharp = low * (high / low) ** (step / max(1, self.steps - 1))
            now = look(sharp)
            alone = len(words) == 1
            overlap = _yielding(now.masks, now.match) if alone else pairwise_soft_iou(now.masks)
            entropy = -(now.text * now.text.clamp_min(1e-12).log()).sum(1).mean()
            terms = {"match": (1 - now.match).mean(), "overlap": overlap, "entropy": entropy}
            for name, term in terms.items():
                losses[name].append(term.detach())
            optimiser.zero_grad()
            (terms["match"] + self.apart * overlap + self.plain * entropy).backward()
            optimiser.step()
        with torch.no_grad():
            at_last = look(high)
        curve = {name: torch.stack(terms).tolist() for name, terms in losses.items()}
        return at_last._replace(losses=curve)

    def _look(
        self,
        centre: Float[Tensor, "m"],
        wide: Float[Tensor, "m"],
        text: Float[Tensor, "m p"],
        sharp: float,
        frames: Float[Tensor, "t d"],
        words: Float[Tensor, "p d"],
        clips: Float[Tensor, "t 2"],
    ) -> Fitted:
        """Masks and what they match, from what is free to move; at least a frame wide."""
        least = 1 / len(frames)
        middle, width = centre.sigmoid(), least + (1 - least) * wide.sigmoid()
        masks, share = soft_span(middle, width, clips.mean(1), sharp), text.softmax(1)
        spans = torch.stack([middle - width / 2, middle + width / 2], 1)
        lasts = clips.diff(dim=1)[:, 0]
        return Fitted(
            masks, spans, self._match(masks * lasts, lasts, frames, share @ words), share, {}
        )

    def _match(
        self,
        inside: Float[Tensor, "m t"],
        whole: Float[Tensor, "t"],
        frames: Float[Tensor, "t d"],
        text: Float[Tensor, "m d"],
    ) -> Float[Tensor, "m"]:
        """Cosine of each text with the mean frame inside, less that with the mean frame outside."""
        fits = cosine_similarity(inside @ frames, text, dim=-1)
        rest = cosine_similarity((whole - inside) @ frames, text, dim=-1)
        return fits - self.contrast * rest

    def moments(self, tokens: Tokens, fitted: Fitted, phrases: Sequence[Query]) -> list[Moment]:
        """What masks say, in seconds, the best fitting first; two of them may be alike.

        Args:
            tokens: of the film.
            fitted: as `fit` gave it.
            phrases: the same ones.
        """
        lasts_s = length_s(tokens)
        if tokens.duration_s > tokens.times_s[-1]:  # single precision may lie a hair behind it
            lasts_s = min(lasts_s, tokens.duration_s)
        said = [phrases[i].text for i in fitted.text.argmax(1).tolist()]
        spans = (fitted.spans.double().clamp(0, 1) * lasts_s).tolist()
        found = [
            Moment(start_s, end_s, score, text)
            for (start_s, end_s), score, text in zip(
                spans, fitted.match.tolist(), said, strict=True
            )
            if end_s > start_s
        ]
        return sorted(found, key=lambda m: -m.score)


def _yielding(masks: Float[Tensor, "m t"], match: Float[Tensor, "m"]) -> Float[Tensor, ""]:
    """The mean overlap of every two masks, of which only the one that fits less feels it."""
    ranked = masks[match.argsort(descending=True)]
    better, worse = torch.triu_indices(len(masks), len(masks), 1, device=masks.device)
    if not len(better):
        return masks.sum() * 0
    return soft_iou(ranked[better].detach(), ranked[worse]).mean()


def _start(moment: Moment) -> float:
    return moment.start_s
