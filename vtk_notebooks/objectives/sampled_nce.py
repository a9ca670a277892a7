"""Sampled InfoNCE: a salient clip should be more like the question than any less salient one.

After "R^2-Tuning: Efficient Image-to-Video Transfer Learning for Video Temporal Grounding" (Liu et
al., 2024, arXiv:2404.00801), with the other terms that train its head. As in its released code:
focal loss over all points (1.0), L1 on the offsets of points that answer for a span (0.2), InfoNCE
whose denominator is limited to clips that are at most as salient as the positive one (0.1), and
InfoNCE across the films of a batch and across the encoder's layers (0.1 each); a point answers for
a span within 1.5 strides of its middle.

What differs: the released InfoNCE among clips has a second direction, over the films of a batch at
the same clip number, which is left out; here a question has no layers, so a layer is told from
others by its own salient clips (the term is log k and teaches nothing where an encoder gives one
layer that is visited k times); the clip that stands for its film is drawn from the most salient
ones in every step. Alpha and gamma of the focal loss could not be verified; the temperature is
fixed.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cosine_similarity, normalize

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.blocks.grounding.points import assign, points, to_place
from vtk_notebooks.registry import register


@register(
    "objective",
    "sampled_nce",
    title="Sampled InfoNCE (R^2-Tuning)",
    paper="R^2-Tuning: Efficient Image-to-Video Transfer Learning for Video Temporal Grounding",
    year=2024,
    arxiv="2404.00801",
    atlas=("r2_tuning",),
)
@dataclass(frozen=True)
class SampledNCELoss:
    """The five terms of R^2-Tuning.

    Args:
        focal: weight of the focal loss on points.
        l1: of the offsets of points that answer for a span.
        sampled: of InfoNCE among a film's clips.
        video: of InfoNCE across films, layer by layer.
        layer: of InfoNCE across layers, film by film.
        tau: temperature.
        alpha: part of the focal loss that positive points weigh.
        gamma: how much the focal loss forgets what is easy.
        radius: in strides, see above.
    """

    focal: float = 1.0
    l1: float = 0.2
    sampled: float = 0.1
    video: float = 0.1
    layer: float = 0.1
    tau: float = 0.07
    alpha: float = 0.75
    gamma: float = 2.0
    radius: float = 1.5

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {name: getattr(self, name) for name in ("focal", "l1", "sampled", "video", "layer")}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """All terms of a head's batch, unweighted.

        Args:
            out: with aux "logits" (b n), "offsets" (b n 2) and "point_mask" (b n) of its points,
                "layers" (b k t c), "last" (b t c) and "text" (b c), which are compared.
            targets: spans, and how salient clips are.
        """
        aux, labels, mask = out.aux, targets.labels, targets.mask
        table = points(mask.shape[1]).to(out.scores)
        spans = to_place(targets.spans, targets.clips, mask)
        answers, ends = assign(table, spans, targets.there, self.radius)
        answers = answers & aux["point_mask"]
        positive = drawn_positive(labels.s, mask, targets.seed)
        rows = torch.arange(len(mask), device=mask.device)
        layers, text = aux["layers"], aux["text"]
        seen = normalize(layers[rows, :, positive], dim=-1)  # b k c
        alike = torch.einsum("b k c, a c -> k b a", seen, normalize(text, dim=-1)) / self.tau
        across = torch.einsum("b k c, b j c -> b k j", seen, self._own(layers, labels.s, mask))
        return {
            "focal": focal(aux["logits"], answers, aux["point_mask"], self.alpha, self.gamma),
            "l1": offset_loss(aux["offsets"], ends, answers),
            "sampled": sampled_nce(aux["last"], text, mask, labels.s, positive, self.tau),
            "video": infonce(alike),
            "layer": infonce(across / self.tau),
        }

    @staticmethod
    def _own(
        layers: Float[Tensor, "b k t c"], saliency: Float[Tensor, "b t"], mask: Bool[Tensor, "b t"]
    ) -> Float[Tensor, "b k c"]:
        """The mean of the salient clips in every layer, as unit vectors."""
        weight = (saliency * mask)[:, None, :, None]
        return normalize((layers * weight).sum(2), dim=-1)


def focal(
    logits: Float[Tensor, "b n"],
    label: Bool[Tensor, "b n"],
    mask: Bool[Tensor, "b n"],
    alpha: float = 0.75,
    gamma: float = 2.0,
) -> Float[Tensor, ""]:
    """The focal loss, the mean over points that exist."""
    true = label.to(logits)
    p = logits.sigmoid()
    wrong = torch.where(label, 1 - p, p)
    weight = torch.where(label, alpha, 1 - alpha) * wrong**gamma
    entropy = binary_cross_entropy_with_logits(logits, true, reduction="none")
    return (weight * entropy * mask).sum() / mask.sum().clamp_min(1)


def offset_loss(
    offsets: Float[Tensor, "b n 2"], ends: Float[Tensor, "b n 2"], answers: Bool[Tensor, "b n"]
) -> Float[Tensor, ""]:
    """L1 over points that answer for a span, in strides; the mean of both ends."""
    far = (offsets - torch.where(answers[..., None], ends, 0.0)).abs().mean(-1)
    return (far * answers).sum() / answers.sum().clamp_min(1)


def sampled_nce(
    video: Float[Tensor, "b t c"],
    text: Float[Tensor, "b c"],
    mask: Bool[Tensor, "b t"],
    saliency: Float[Tensor, "b t"],
    positive: Int[Tensor, "b"],
    tau: float = 0.07,
) -> Float[Tensor, ""]:
    """InfoNCE of each film's positive clip against its clips that are at most as salient.

    Args:
        video: clips.
        text: what they are compared with, by cosine.
        mask: clips that exist.
        saliency: of clips.
        positive: number of the clip that should be most alike.
        tau: temperature.
    """
    alike = cosine_similarity(video, text[:, None], dim=-1) / tau
    value = saliency.gather(1, positive[:, None])
    against = (saliency <= value) & mask
    alike = alike.masked_fill(~against, -torch.inf)
    return -alike.log_softmax(1).gather(1, positive[:, None]).mean()


def infonce(alike: Float[Tensor, "*b n n"]) -> Float[Tensor, ""]:
    """InfoNCE in both directions, of tables whose diagonals should win."""
    both = alike.log_softmax(-1) + alike.log_softmax(-2)
    return -both.diagonal(dim1=-2, dim2=-1).mean() / 2


def drawn_positive(
    saliency: Float[Tensor, "b t"], mask: Bool[Tensor, "b t"], seed: int
) -> Int[Tensor, "b"]:
    """One of the most salient clips of each film, drawn evenly."""
    top = saliency.masked_fill(~mask, -torch.inf)
    best = (top == top.amax(1, keepdim=True)) & mask
    chance = torch.rand(saliency.shape, generator=generator(seed)).to(saliency)
    return chance.masked_fill(~best, -1).argmax(1)
