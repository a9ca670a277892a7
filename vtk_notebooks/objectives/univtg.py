"""UniVTG's loss: is a clip foreground, where does its moment begin and end, how salient is it.

After "UniVTG: Towards Unified Video-Language Temporal Grounding" (Lin et al., 2023,
arXiv:2307.16715). As in its released code: weighted binary cross-entropy on f (background counts
0.1), smooth L1 and 1 - GIoU on the spans of foreground clips, and InfoNCE between positive clip and
text, once across the films of a batch and once across the clips of a film. The second direction of
the latter (over the batch, at the clip's own place in time) is kept as it is released.

The pseudo-label scheme brings all annotations to (f, b, s): intervals as they are, curves by
threshold. For points an interval of so many seconds around each is taken; the released rule for
its length could not be verified.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import binary_cross_entropy, cosine_similarity, normalize, smooth_l1_loss

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register


class Labels(NamedTuple):
    """What is true of each clip of one film, or, stacked, of a batch.

    f: it is foreground. b: start and end of its moment, as parts of the film; anything outside
    foreground. s: how salient it is.
    """

    f: Bool[Tensor, "*b t"]
    b: Float[Tensor, "*b t 2"]
    s: Float[Tensor, "*b t"]


@register(
    "objective",
    "univtg",
    title="UniVTG loss",
    paper="UniVTG: Towards Unified Video-Language Temporal Grounding",
    year=2023,
    arxiv="2307.16715",
    atlas=("univtg",),
)
@dataclass(frozen=True)
class UniVTGLoss:
    """The weighted sum of the five terms.

    Args:
        b: weight of smooth L1 on spans.
        g: of 1 - GIoU on spans.
        f: of the foreground's cross-entropy.
        s_intra: of InfoNCE among the clips of a film.
        s_inter: of InfoNCE among the films of a batch.
        background: weight of background clips in the cross-entropy.
        tau: temperature of InfoNCE.
    """

    b: float = 10.0
    g: float = 1.0
    f: float = 10.0
    s_intra: float = 0.05
    s_inter: float = 0.01
    background: float = 0.1
    tau: float = 0.07

    def __call__(
        self,
        foreground: Float[Tensor, "b t"],
        span: Float[Tensor, "b t 2"],
        video: Float[Tensor, "b t c"],
        text: Float[Tensor, "b c"],
        labels: Labels,
        mask: Bool[Tensor, "b t"],
        positive: Int[Tensor, "b"] | None = None,
    ) -> dict[str, Tensor]:
        """The terms by name, and "total".

        Args:
            foreground: probability that a clip is foreground.
            span: start and end that a clip proposes, as parts of the film.
            video: of each clip, what `text` is compared with.
            text: the pooled question.
            labels: what is true.
            mask: clips that exist.
            positive: the clip that stands for its film in InfoNCE; the most salient by default.
        """
        place = labels.s.masked_fill(~mask, -1).argmax(1) if positive is None else positive
        terms = {
            "f": foreground_loss(foreground, labels.f, mask, self.background),
            **span_losses(span, labels.b, labels.f & mask),
            **saliency_losses(video, text, labels.s, mask, place, self.tau),
        }
        total = torch.stack([getattr(self, name) * term for name, term in terms.items()]).sum()
        return {**terms, "total": total}


def foreground_loss(
    probability: Float[Tensor, "b t"],
    label: Bool[Tensor, "b t"],
    mask: Bool[Tensor, "b t"],
    background: float = 0.1,
) -> Float[Tensor, ""]:
    """Binary cross-entropy in which background clips weigh less."""
    weight = torch.where(label, 1.0, background) * mask
    loss = binary_cross_entropy(probability, label.to(probability), reduction="none")
    return (weight * loss).sum() / mask.sum()


def span_losses(
    span: Float[Tensor, "b t 2"], truth: Float[Tensor, "b t 2"], there: Bool[Tensor, "b t"]
) -> dict[str, Float[Tensor, ""]]:
    """Smooth L1 (summed over both ends) and 1 - GIoU, over the clips that are foreground."""
    if not there.any():
        return {"b": span.sum() * 0, "g": span.sum() * 0}
    ours, theirs = span[there], truth[there]
    smooth = smooth_l1_loss(ours, theirs, reduction="none").sum(-1).mean()
    return {"b": smooth, "g": (1 - giou(ours, theirs)).mean()}


def giou(a: Float[Tensor, "n 2"], b: Float[Tensor, "n 2"]) -> Float[Tensor, "n"]:
    """Generalised IoU in (-1, 1]: IoU less the part of the hull that neither covers."""
    inter = (torch.minimum(a[:, 1], b[:, 1]) - torch.maximum(a[:, 0], b[:, 0])).clamp_min(0)
    union = a.diff(dim=1)[:, 0] + b.diff(dim=1)[:, 0] - inter
    hull = torch.maximum(a[:, 1], b[:, 1]) - torch.minimum(a[:, 0], b[:, 0])
    return inter / union - (hull - union) / hull


def saliency_losses(
    video: Float[Tensor, "b t c"],
    text: Float[Tensor, "b c"],
    saliency: Float[Tensor, "b t"],
    mask: Bool[Tensor, "b t"],
    positive: Int[Tensor, "b"],
    tau: float = 0.07,
) -> dict[str, Float[Tensor, ""]]:
    """InfoNCE of each film's positive clip: against other films, and against its lesser clips."""
    own = torch.arange(len(video), device=video.device)
    if not saliency.any():
        return {"s_inter": video.sum() * 0, "s_intra": video.sum() * 0}
    alike = normalize(video[own, positive], dim=-1) @ normalize(text, dim=-1).T / tau
    across = alike.log_softmax(1).diagonal() + alike.log_softmax(0).diagonal()

    lesser = saliency < saliency[own, positive][:, None]
    lesser = lesser.index_put((own, positive), torch.ones_like(mask[:, 0])) & mask
    within = cosine_similarity(video, text[:, None], dim=-1).masked_fill(~lesser, -1e4) / tau
    inside = within.log_softmax(1) + within.log_softmax(0)
    return {"s_inter": -across.mean(), "s_intra": -inside[own, positive].mean()}


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
