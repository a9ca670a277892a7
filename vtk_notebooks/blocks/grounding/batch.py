"""Grounding: how trainable heads are asked, what they answer, and what is true. Shared by all.

A batch is films and questions, padded; a `Grounding` is what a network says about it; `Targets`
are what objectives compare that with. Times inside are parts of the film, from 0 to 1; seconds
come in and go out at the edges.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import normalize
from torch.nn.utils.rnn import pad_sequence

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.labels import Labels, from_intervals
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment, without_overlaps
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens


class Batch(NamedTuple):
    """Padded films and questions, in the order in which a network takes them."""

    video: Float[Tensor, "b t *p d"]
    """Clips as unit vectors; a head that reads more than one a clip collates its own."""
    video_mask: Bool[Tensor, "b t"]
    text: Float[Tensor, "b l d"]
    text_mask: Bool[Tensor, "b l"]
    clips: Float[Tensor, "b t 2"]
    """Start and end of each clip."""

    def take(self, rows: Int[Tensor, "r"]) -> "Batch":
        """Some of the films."""
        return Batch(*(x[rows] for x in self))


class Grounding(NamedTuple):
    """What a network says about a batch."""

    spans: Float[Tensor, "b n 2"]
    """Start, then end, of each proposal; they may reach beyond the film."""
    scores: Float[Tensor, "b n"]
    """In [0, 1]; 0 for what is no proposal."""
    saliency: Float[Tensor, "b t"]
    """How well each clip answers; anything where a film has ended."""
    aux: dict[str, Tensor]
    """What its objectives and figures need besides, by name."""


class Targets(NamedTuple):
    """What is true of a batch."""

    spans: Float[Tensor, "b g 2"]
    there: Bool[Tensor, "b g"]
    """Which of the spans exist."""
    labels: Labels
    glance: Float[Tensor, "b"]
    """One time inside a moment: all that a weakly supervised head may look at."""
    mask: Bool[Tensor, "b t"]
    """Which of the clips exist."""
    clips: Float[Tensor, "b t 2"]
    seed: int = 0
    """Of what an objective draws; another one in every step."""

    def take(self, rows: Int[Tensor, "r"], seed: int = 0) -> "Targets":
        """Those of some films."""
        labels = Labels(*(x[rows] for x in self.labels))
        spans, there, glance = self.spans[rows], self.there[rows], self.glance[rows]
        return Targets(spans, there, labels, glance, self.mask[rows], self.clips[rows], seed)


def collate(pairs: Sequence[tuple[Tokens, Query]]) -> Batch:
    """Frames and words of several films as unit vectors, padded."""
    if not pairs:
        raise VtkError("collate", "one or more films", "none")
    frames = [frame_means(tokens, query.space) for tokens, query in pairs]
    return padded_batch(frames, pairs)


def padded_batch(
    video: Sequence[Float[Tensor, "_ *p d"]], pairs: Sequence[tuple[Tokens, Query]]
) -> Batch:
    """A batch of whatever a head sees of each clip.

    Args:
        video: of each film.
        pairs: the films and their questions.
    """
    words = [normalize(query.words.float(), dim=-1) for _, query in pairs]
    clips = [clip_ends(tokens) for tokens, _ in pairs]
    here, said = ([x.new_ones(len(x)).bool() for x in rows] for rows in (clips, words))
    pad = partial(pad_sequence, batch_first=True)
    return Batch(pad(list(video)), pad(here), pad(words), pad(said), pad(clips))


def frame_means(tokens: Tokens, space: str) -> Float[Tensor, "t d"]:
    """Unit mean of each frame's tokens; a frame without any borrows its nearest neighbour's."""
    token, cell = tokens.edges.unbind(1)
    t, h, w = tokens.grid
    weight = tokens.share.new_zeros(t, len(tokens))
    weight = weight.index_put((cell // (h * w), token), tokens.share, accumulate=True)
    number = torch.arange(t, device=weight.device)
    away = (number[:, None] - number).abs().masked_fill(weight.sum(1) == 0, t)
    mean = weight[away.argmin(1)] @ tokens.part(space).to(weight.dtype)
    return normalize(mean, dim=-1).float()


def clip_ends(tokens: Tokens) -> Float[Tensor, "t 2"]:
    """Start and end of each frame, as parts of the film."""
    ends_s = tokens.ends_s()
    return (torch.stack([tokens.times_s, ends_s], 1) / length_s(tokens)).float()


def even_clips(mask: Bool[Tensor, "b t"]) -> Float[Tensor, "b t 2"]:
    """Start and end of clips that all last equally long; 1 and above where a film has ended."""
    number = torch.arange(mask.shape[1], device=mask.device)
    ends = torch.stack([number, number + 1], 1)
    return ends / mask.sum(1)[:, None, None].clamp_min(1)


def length_s(tokens: Tokens) -> float:
    """Where the film ends, in seconds: what parts of it are parts of."""
    return tokens.ends_s()[-1].item()


def targets_of(
    films: Sequence[tuple[Tokens, Sequence[Moment]]], batch: Batch, seed: int = 0
) -> Targets:
    """What is true, from intervals in seconds.

    Args:
        films: tokens and moments of each.
        batch: the same films, collated.
        seed: of the glances, which are drawn evenly from the moments.
    """
    pad, draw = partial(pad_sequence, batch_first=True), generator(seed)
    spans, labels, glances = [], [], []
    for tokens, moments in films:
        if not moments:
            raise VtkError("targets_of", "one or more moments in each film", "none")
        lasts_s = length_s(tokens)
        ends = torch.tensor([(m.start_s, m.end_s) for m in moments]) / lasts_s
        spans.append(ends.clamp(0, 1).to(batch.clips))
        centres_s = clip_ends(tokens).mean(1) * lasts_s
        labels.append(from_intervals(moments, centres_s, lasts_s))
        seen = spans[-1][int(torch.randint(len(moments), (), generator=draw))]
        glances.append(seen[0] + (seen[1] - seen[0]) * torch.rand((), generator=draw).to(seen))
    there = [x.new_ones(len(x)).bool() for x in spans]
    stacked = Labels(*(pad(list(part)) for part in zip(*labels, strict=True)))
    glance = torch.stack(glances)
    return Targets(pad(spans), pad(there), stacked, glance, batch.video_mask, batch.clips)


def to_moments(
    out: Grounding,
    durations_s: Sequence[float],
    *,
    overlap: float = 1.0,
    most: int = 5,
    texts: Sequence[str] | None = None,
) -> list[list[Moment]]:
    """Proposals as moments in seconds, best first, for each film of a batch.

    Args:
        out: what a network said.
        durations_s: what its spans are parts of.
        overlap: two answers never have a larger IoU.
        most: moments for each film.
        texts: what was asked.
    """
    found = []
    for i, lasts_s in enumerate(durations_s):
        spans = (out.spans[i].double().clamp(0, 1) * lasts_s).tolist()
        text = texts[i] if texts is not None else ""
        moments = [
            Moment(start_s, end_s, score, text)
            for (start_s, end_s), score in zip(spans, out.scores[i].tolist(), strict=True)
            if score > 0 and end_s - start_s > 1e-6
        ]
        found.append(without_overlaps(moments, overlap)[:most])
    return found
