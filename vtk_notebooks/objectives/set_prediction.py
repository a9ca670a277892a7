"""Set prediction: every true span finds one proposal of its own; the others say they are none.

After Moment-DETR, "QVHighlights: Detecting Moments and Highlights in Videos via Natural Language
Queries" (Lei et al., 2021, arXiv:2107.09609). As in its released code: proposals and truths are
matched at the lowest cost of 10 L1 + 1 (-GIoU) + 4 (-foreground probability); matched spans pay L1
on (centre, width) and 1 - GIoU, all proposals pay cross-entropy in which "none" counts 0.1, earlier
decoder layers pay the same again, and saliency pays a hinge between a clip inside and a clip
outside, times two.

What differs: clips to compare are drawn in every step, two pairs for each film, from those inside
a moment and those outside; where clips inside differ in saliency, the second pair is the most and
the least salient of them. How many pairs the paper's runs used could not be verified.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import cross_entropy, l1_loss

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.blocks.grounding.intervals import giou, to_centre, to_ends
from vtk_notebooks.blocks.grounding.labels import Labels
from vtk_notebooks.registry import register

Match = tuple[Int[Tensor, "m"], Int[Tensor, "m"]]
"""Numbers of proposals, and of the truths they are matched with, of one film."""


@register(
    "objective",
    "set_prediction",
    title="Set prediction (Moment-DETR)",
    paper="QVHighlights: Detecting Moments and Highlights in Videos via Natural Language Queries",
    year=2021,
    arxiv="2107.09609",
    atlas=("moment_detr",),
)
@dataclass(frozen=True)
class SetPredictionLoss:
    """Terms over matched spans, over all proposals, and over pairs of clips.

    Args:
        span: weight of L1, in the loss and in the matching.
        giou: of 1 - GIoU, in both.
        label: of the cross-entropy, and of the probability in the matching.
        saliency: of the hinge.
        none: how much "this is none" counts in the cross-entropy.
        margin: by which a clip inside should be more salient than one outside.
    """

    span: float = 10.0
    giou: float = 1.0
    label: float = 4.0
    saliency: float = 1.0
    none: float = 0.1
    margin: float = 0.2

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts; earlier layers count like the last one."""
        own = {name: getattr(self, name) for name in ("span", "giou", "label", "saliency")}
        return own | {f"early_{name}": own[name] for name in ("span", "giou", "label")}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """All terms of a head's batch, unweighted.

        Args:
            out: with aux "centre_width" (k b n 2) and "logits" (k b n 2; foreground, none) of
                every decoder layer, the last one last.
            targets: spans and what clips are worth.
        """
        truths = [spans[there] for spans, there in zip(targets.spans, targets.there, strict=True)]
        layers = zip(out.aux["centre_width"], out.aux["logits"], strict=True)
        *early, last = [self.of_layer(spans, logits, truths) for spans, logits in layers]
        zero = out.saliency.sum() * 0
        pairs = clip_pairs(targets.labels, targets.mask, targets.seed)
        return {
            **last,
            "saliency": self.of_pairs(out.saliency, *pairs),
            **{f"early_{name}": sum((layer[name] for layer in early), zero) for name in last},
        }

    def of_layer(
        self,
        centre_width: Float[Tensor, "b n 2"],
        logits: Float[Tensor, "b n 2"],
        truths: Sequence[Float[Tensor, "_ 2"]],
    ) -> dict[str, Tensor]:
        """L1, 1 - GIoU and cross-entropy of one decoder layer.

        Args:
            centre_width: of the proposals.
            logits: of being a moment, and of being none.
            truths: start and end of the moments of each film.
        """
        matches = self.match(centre_width, logits, truths)
        film = torch.cat([torch.full_like(p, i) for i, (p, _) in enumerate(matches)])
        place = torch.cat([p for p, _ in matches])
        true = torch.cat([spans[g] for spans, (_, g) in zip(truths, matches, strict=True)])
        ours = centre_width[film, place]
        label = torch.ones_like(logits[..., 0], dtype=torch.long)
        label[film, place] = 0
        weight = logits.new_tensor([1.0, self.none])
        entropy = cross_entropy(logits.flatten(0, 1), label.flatten(), weight, reduction="none")
        return {
            "span": l1_loss(ours, to_centre(true)),
            "giou": (1 - giou(to_ends(ours), true)).mean(),
            "label": entropy.mean(),
        }

    @torch.no_grad()
    def match(
        self,
        centre_width: Float[Tensor, "b n 2"],
        logits: Float[Tensor, "b n 2"],
        truths: Sequence[Float[Tensor, "_ 2"]],
    ) -> list[Match]:
        """The cheapest one-to-one matching of each film, by rising number of the proposal."""
        from scipy.optimize import linear_sum_assignment

        matches = []
        for spans, said, true in zip(centre_width, logits, truths, strict=True):
            far = (spans[:, None] - to_centre(true)).abs().sum(-1)
            cost = self.span * far - self.giou * giou(to_ends(spans)[:, None], true)
            cost = cost - self.label * said.softmax(-1)[:, :1]
            rows, columns = linear_sum_assignment(cost.cpu().numpy())
            matches.append(tuple(torch.as_tensor(x, device=spans.device) for x in (rows, columns)))
        return matches

    def of_pairs(
        self,
        saliency: Float[Tensor, "b t"],
        high: Int[Tensor, "b k"],
        low: Int[Tensor, "b k"],
        there: Bool[Tensor, "b k"] | None = None,
    ) -> Float[Tensor, ""]:
        """The hinge, twice its mean.

        Args:
            saliency: of each clip.
            high: numbers of clips that should be more salient.
            low: than these.
            there: pairs that exist; the others cost nothing.
        """
        short = (self.margin + saliency.gather(1, low) - saliency.gather(1, high)).clamp_min(0)
        return 2 * (short if there is None else short * there).mean()


def clip_pairs(
    labels: Labels, mask: Bool[Tensor, "b t"], seed: int
) -> tuple[Int[Tensor, "b 2"], Int[Tensor, "b 2"], Bool[Tensor, "b 2"]]:
    """Clips to compare in each film: the more salient, the less salient, and if there are such.

    Args:
        labels: which clips lie in a moment, and how salient they are.
        mask: clips that exist.
        seed: of what is drawn.
    """
    chance = torch.rand(2, *mask.shape, 2, generator=generator(seed)).to(mask.device)
    inside, outside = labels.f & mask, ~labels.f & mask
    high = chance[0].masked_fill(~inside[..., None], -1).argmax(1)
    low = chance[1].masked_fill(~outside[..., None], -1).argmax(1)
    there = (inside.any(1) & outside.any(1))[:, None].expand(-1, 2)
    top = labels.s.masked_fill(~inside, -torch.inf)
    bottom = labels.s.masked_fill(~inside, torch.inf)
    differ = top.amax(1) > bottom.amin(1)
    high[:, 1] = torch.where(differ, top.argmax(1), high[:, 1])
    low[:, 1] = torch.where(differ, bottom.argmin(1), low[:, 1])
    return high, low, there | torch.stack([torch.zeros_like(differ), differ], 1)
