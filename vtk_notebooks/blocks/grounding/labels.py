"""Labels: what is true of each clip of a film, from whatever was annotated.

The pseudo-label scheme of "UniVTG: Towards Unified Video-Language Temporal Grounding" (Lin et al.,
2023, arXiv:2307.16715) brings intervals, curves and single times to the same three answers for each
clip. For single times an interval of so many seconds around each is taken; the released rule for
its length could not be verified.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment


class Labels(NamedTuple):
    """What is true of each clip of one film, or, stacked, of a batch.

    f: it is foreground. b: start and end of its moment, as parts of the film; anything outside
    foreground. s: how salient it is.
    """

    f: Bool[Tensor, "*b t"]
    b: Float[Tensor, "*b t 2"]
    s: Float[Tensor, "*b t"]


def from_intervals(
    moments: Sequence[Moment], centres_s: Float[Tensor, "t"], duration_s: float
) -> Labels:
    """Labels from intervals: a clip belongs to the shortest moment that holds its centre."""
    centres = centres_s / duration_s
    b = torch.stack([centres, centres], 1)
    f = torch.zeros_like(centres, dtype=torch.bool)
    for m in sorted(moments, key=lambda m: -m.duration_s):
        inside = (centres_s >= m.start_s) & (centres_s <= m.end_s)
        f = f | inside
        ends = centres.new_tensor([m.start_s, m.end_s]) / duration_s
        b = torch.where(inside[:, None], ends.clamp(0, 1), b)
    return Labels(f, b, f.to(centres.dtype))


def from_curve(
    curve: Float[Tensor, "t"],
    centres_s: Float[Tensor, "t"],
    duration_s: float,
    threshold: float | None = None,
) -> Labels:
    """Labels from a saliency curve: foreground lies above the threshold, in runs.

    Args:
        curve: 0 or more; becomes s as it is.
        centres_s: of the clips; a run reaches half way to its neighbours.
        duration_s: of the film.
        threshold: the middle between the curve's mean and maximum by default.
    """
    if threshold is None:
        threshold = (curve.mean() + curve.max()).item() / 2
    f = curve >= threshold
    between = (centres_s[1:] + centres_s[:-1]) / 2
    edges = torch.cat([centres_s.new_zeros(1), between, centres_s.new_tensor([duration_s])])
    cut = torch.cat([f[:1], f[1:] != f[:-1]]).cumsum(0)  # numbers the runs
    runs = [(cut == k).nonzero().squeeze(1) for k in cut[f].unique().tolist()]
    spans = [(edges[r[0]].item(), edges[r[-1] + 1].item()) for r in runs]
    moments = [Moment(start_s, end_s) for start_s, end_s in spans]
    return from_intervals(moments, centres_s, duration_s)._replace(f=f, s=curve)


def from_points(
    points_s: Sequence[float],
    centres_s: Float[Tensor, "t"],
    duration_s: float,
    length_s: float | None = None,
) -> Labels:
    """Labels from single times: a moment of that length around each.

    Args:
        points_s: when it happens.
        centres_s: of the clips.
        duration_s: of the film.
        length_s: the mean distance between neighbouring points by default; the film's length over
            twice their number where there is only one.
    """
    if not points_s:
        raise VtkError("from_points", "one or more times", "none")
    at = sorted(points_s)
    if length_s is None:
        length_s = (at[-1] - at[0]) / (len(at) - 1) if len(at) > 1 else duration_s / 2
    half_s = length_s / 2
    spans = [(max(0.0, t - half_s), min(duration_s, t + half_s)) for t in at]
    return from_intervals([Moment(*s) for s in spans if s[0] < s[1]], centres_s, duration_s)
