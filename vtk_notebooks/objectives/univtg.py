"""UniVTG's loss: is a clip foreground, where does its moment begin and end, how salient is it.

After "UniVTG: Towards Unified Video-Language Temporal Grounding" (Lin et al., 2023,
arXiv:2307.16715). As in its released code: weighted binary cross-entropy on f (background counts
0.1), smooth L1 and 1 - GIoU on the spans of foreground clips, and InfoNCE between positive clip and
text, once across the films of a batch and once across the clips of a film. The second direction of
the latter (over the batch, at the clip's own place in time) is kept as it is released.

What is true of each clip comes from `blocks.grounding.labels`, the paper's pseudo-label scheme.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import binary_cross_entropy, cosine_similarity, normalize, smooth_l1_loss

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.blocks.grounding.intervals import giou
from vtk_notebooks.blocks.grounding.labels import Labels
from vtk_notebooks.registry import register


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
        total = torch.stack([self.weights[name] * term for name, term in terms.items()]).sum()
        return {**terms, "total": total}

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {name: getattr(self, name) for name in ("f", "b", "g", "s_inter", "s_intra")}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """The five terms of a head's batch, unweighted.

        Args:
            out: with a span for each clip, and what saliency compares as aux "video" and "text".
            targets: what is true of its clips.
        """
        video, text = out.aux["video"], out.aux["text"]
        terms = self(out.scores, out.spans, video, text, targets.labels, targets.mask)
        return {name: terms[name] for name in self.weights}


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
