"""Curves: one number per frame becomes stretches of film that stand out.

The segments are those of "A Linear Time Algorithm for Finding All Maximal Scoring Subsequences"
(Ruzzo and Tompa, 1999), so that a stretch runs through a weak frame where its neighbours make up
for it.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from vtk_notebooks.moment import Moment
from vtk_notebooks.tokens import Tokens


def maximal_segments(
    gain: Float[Tensor, "t"], first: int = 0, stop: int | None = None
) -> list[tuple[int, int]]:
    """All maximal scoring segments [i, j) of gain[first:stop], in order, in linear time.

    The one with the largest sum, then likewise in what lies left and right of it, as long as
    there is anything above 0.
    """
    found: list[tuple[int, int, float, float]] = []  # start, stop, sum before, sum with it
    total = 0.0
    for i, g in enumerate(gain[first:stop].tolist(), start=first):
        before, total = total, total + g
        start = i
        while g > 0:
            k = next((k for k in reversed(range(len(found))) if found[k][2] < before), -1)
            if k < 0 or found[k][3] >= total:
                found.append((start, i + 1, before, total))
                break
            start, before = found[k][0], found[k][2]
            del found[k:]
    return [(start, stop) for start, stop, _, _ in found]


def nearest_seen(seen: Float[Tensor, "t"], times_s: Float[Tensor, "t"]) -> Int[Tensor, "t"]:
    """For each frame the nearest in time that has a value; itself where it has one."""
    away = (times_s[:, None] - times_s).abs()
    return away.masked_fill(seen.isnan(), torch.inf).argmin(1)


def moments_of(
    curve: Float[Tensor, "t"], tokens: Tokens, text: str, *, level: float = 0.5, most: int = 5
) -> list[Moment]:
    """The stretches in which a curve stands out, best first; each scored by its mean.

    Args:
        curve: one value per frame, nan where there is none; the nearest one then counts.
        tokens: of the film, for its times.
        text: what the moments are said to show.
        level: where the threshold lies, from 0 at the curve's mean to 1 at its maximum.
        most: moments to answer with.
    """
    curve = curve.to(tokens.times_s)
    if curve.isnan().all():
        return []
    curve = curve[nearest_seen(curve, tokens.times_s)]
    lasts_s = tokens.ends_s() - tokens.times_s
    mean = (curve * lasts_s).sum() / lasts_s.sum()
    spans = maximal_segments((curve - mean.lerp(curve.max(), level)) * lasts_s)
    if not spans or curve.max() - mean < 1e-6:  # nothing stands out
        spans = [(0, len(curve))]
    found = [
        Moment(*stretch(tokens, first, stop), curve[first:stop].mean().item(), text)
        for first, stop in spans
    ]
    return sorted(found, key=lambda m: -m.score)[:most]


def stretch(tokens: Tokens, first: int, stop: int) -> tuple[float, float]:
    """Start and end of the frames [first, stop), in seconds, inside the film."""
    start_s, end_s = max(0.0, tokens.times_s[first].item()), tokens.ends_s()[stop - 1].item()
    if tokens.duration_s > start_s:  # single precision may lie a hair behind it
        end_s = min(end_s, tokens.duration_s)
    return start_s, end_s


def runs_of(
    curve: Float[Tensor, "b t"],
    mask: Bool[Tensor, "b t"],
    clips: Float[Tensor, "b t 2"],
    level: float = 0.5,
) -> tuple[Float[Tensor, "b t 2"], Float[Tensor, "b t"]]:
    """For each clip the run of clips above the threshold that holds it, and the run's mean.

    Batched, for networks whose answer is a curve. A clip below the threshold proposes itself, with
    a score of 0.

    Args:
        curve: one value per clip, above 0 where it is to be found.
        mask: which clips exist.
        clips: start and end of each.
        level: where the threshold lies, from 0 at a film's mean to 1 at its maximum.
    """
    lasts = clips.diff(dim=-1)[..., 0] * mask
    mean = (curve * lasts).sum(1) / lasts.sum(1).clamp_min(1e-12)
    top = curve.masked_fill(~mask, -torch.inf).amax(1)
    inside = mask & (curve >= mean.lerp(top, level)[:, None])
    number = torch.arange(curve.shape[1], device=curve.device).expand_as(inside)
    first = torch.where(_shifted(inside, 1), -1, number).cummax(1).values
    last = (
        torch.where(_shifted(inside, -1), len(number[0]), number).flip(1).cummin(1).values.flip(1)
    )
    total = torch.nn.functional.pad((curve * lasts).cumsum(1), (1, 0))
    long = torch.nn.functional.pad(lasts.cumsum(1), (1, 0))
    area, span = (x.gather(1, last + 1) - x.gather(1, first) for x in (total, long))
    score = torch.where(inside, area / span.clamp_min(1e-12), 0)
    ends = clips[..., 0].gather(1, first), clips[..., 1].gather(1, last)
    return torch.where(inside[..., None], torch.stack(ends, -1), clips), score


def _shifted(inside: Bool[Tensor, "b t"], by: int) -> Bool[Tensor, "b t"]:
    """Where a clip and the one `by` before it are both inside: it does not start a run."""
    before = inside.roll(by, 1)
    before[:, 0 if by > 0 else -1] = False
    return inside & before
