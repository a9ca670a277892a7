"""Points: places on a pyramid over time from which spans are measured, and who answers for which.

As dense detectors of moments have it since "ActionFormer: Localizing Moments of Actions with
Transformers" (Zhang et al., 2022, arXiv:2202.07925): level by level the stride doubles, each level
answers for spans of its own length, and only points near a span's middle are asked to find it.
Places count in clips: a span from 2 to 5 begins with the third clip and ends with the fifth.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def points(clips: int, strides: tuple[int, ...] = (1, 2, 4, 8)) -> Float[Tensor, "n 4"]:
    """Place, shortest and longest reach, and stride of every point, level by level.

    Args:
        clips: in the film; a level has one point for each stride of them that has begun.
        strides: of the levels. A level's reach goes from its stride to the next one's; the
            first one's begins at 0 and the last one's never ends.
    """
    reach = [0.0, *map(float, strides[1:]), torch.inf]
    levels = []
    for i, stride in enumerate(strides):
        place = torch.arange(0, clips, stride).float()
        rest = torch.tensor([reach[i], reach[i + 1], stride]).float()
        levels.append(torch.cat([place[:, None], rest.expand(len(place), 3)], 1))
    return torch.cat(levels)


def assign(
    table: Float[Tensor, "n 4"],
    spans: Float[Tensor, "b g 2"],
    there: Bool[Tensor, "b g"],
    radius: float = 1.5,
) -> tuple[Bool[Tensor, "b n"], Float[Tensor, "b n 2"]]:
    """Which points answer for a span, and how far away its ends are, in strides.

    A point answers if it lies in the span, within so many strides of its middle, and if the
    farther end is within its reach. Of several spans it takes the shortest.

    Args:
        table: as `points` gives it.
        spans: start and end, counted in clips.
        there: spans that exist.
        radius: of the neighbourhood of the middle, in strides.
    """
    place, shortest, longest, stride = table.unbind(1)
    start, end = spans[:, None].unbind(-1)
    away = torch.stack([place[:, None] - start, end - place[:, None]])
    middle = (place[:, None] - spans.mean(-1)[:, None]).abs() <= radius * stride[:, None]
    far = away.amax(0)
    fits = (far >= shortest[:, None]) & (far <= longest[:, None])
    may = (away.amin(0) >= 0) & middle & fits & there[:, None]
    length = (spans[..., 1] - spans[..., 0])[:, None].expand_as(far)
    best = length.masked_fill(~may, torch.inf).argmin(-1)
    ends = away.gather(-1, best.expand(2, *best.shape)[..., None])[..., 0]
    return may.any(-1), torch.stack([ends[0], ends[1]], -1) / stride[:, None]


def to_time(
    place: Float[Tensor, "b *n"], clips: Float[Tensor, "b t 2"], mask: Bool[Tensor, "b t"]
) -> Float[Tensor, "b *n"]:
    """Places as parts of the film, clamped to it.

    Args:
        place: counted in clips.
        clips: start and end of each clip, as parts of the film.
        mask: clips that exist.
    """
    flat = place.flatten(1)
    last = mask.sum(1, keepdim=True)
    flat = torch.minimum(flat.clamp_min(0), last.to(flat))
    number = torch.minimum(flat.long(), last - 1)
    start, end = (clips[..., i].gather(1, number) for i in (0, 1))
    return (start + (flat - number) * (end - start)).view_as(place)


def to_place(
    time: Float[Tensor, "b *n"], clips: Float[Tensor, "b t 2"], mask: Bool[Tensor, "b t"]
) -> Float[Tensor, "b *n"]:
    """Parts of the film as places, counted in clips; undoes `to_time`."""
    flat, last = time.flatten(1), mask.sum(1, keepdim=True) - 1
    ended = (clips[:, None, :, 1] <= flat[..., None]) & mask[:, None]
    number = torch.minimum(ended.sum(-1), last)
    start, end = (clips[..., i].gather(1, number) for i in (0, 1))
    return (number + (flat - start) / (end - start).clamp_min(1e-9)).view_as(time)
