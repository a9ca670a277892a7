"""Commonsense captions: every kind of sentence about a clip is learnt at once, word by word.

After "Hybrid Reasoning Network for Video-based Commonsense Captioning" (Yu et al., 2021,
arXiv:2108.02365). As in its released code: one network says what happens, why, to what effect and
what that says of who did it, and the cross-entropies of all kinds are lowered together. How the
paper weighs the kinds could not be verified; here they count alike.

Ours besides: where moments are known, words are asked to look at the whole moment and at nothing
else (`attend`, the divergence from an even look at it), so that a captioner can answer when.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import cross_entropy

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.registry import register

KINDS = ("caption", "intention", "effect", "attribute")


@register(
    "objective",
    "commonsense_captions",
    title="Multi-commonsense learning (HybridNet)",
    paper="Hybrid Reasoning Network for Video-based Commonsense Captioning",
    year=2021,
    arxiv="2108.02365",
    atlas=("hybridnet",),
)
@dataclass(frozen=True)
class CommonsenseCaptions:
    """Cross-entropy of four kinds of sentences, and where their words look.

    Args:
        caption: weight of what happens.
        intention: of why.
        effect: of what comes of it.
        attribute: of what that says of who did it.
        attend: of looking at the moment.
    """

    caption: float = 1.0
    intention: float = 1.0
    effect: float = 1.0
    attribute: float = 1.0
    attend: float = 1.0

    def __call__(
        self,
        logits: Float[Tensor, "b k l v"],
        words: Int[Tensor, "b k l"],
        mask: Bool[Tensor, "b k l"],
    ) -> dict[str, Tensor]:
        """The terms by kind, and "total"; each is the mean over words, 0 for a kind without any.

        Args:
            logits: of the vocabulary for each word of each kind, in the order of `KINDS`.
            words: numbers of the right ones.
            mask: words that exist.
        """
        terms = {}
        for k, kind in enumerate(KINDS):
            said = mask[:, k]
            sum_ = cross_entropy(logits[:, k][said], words[:, k][said], reduction="sum")
            terms[kind] = sum_ / said.sum().clamp_min(1)
        total = torch.stack([self.weights[name] * term for name, term in terms.items()]).sum()
        return {**terms, "total": total}

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {name: getattr(self, name) for name in (*KINDS, "attend")}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """All terms of a head's batch.

        Args:
            out: with aux "logits" (b k l v), "words" and "said" (b k l), and "looks" (b k l t), the
                share of each clip in what each word looks at.
            targets: what is true of its clips.
        """
        aux = out.aux
        terms = self(aux["logits"], aux["words"], aux["said"])
        looks = looking(aux["looks"], targets.labels.f & targets.mask)
        said = aux["said"]
        attend = (looks * said).sum() / said.sum().clamp_min(1)
        return {**{kind: terms[kind] for kind in KINDS}, "attend": attend}


def looking(looks: Float[Tensor, "b k l t"], moment: Bool[Tensor, "b t"]) -> Float[Tensor, "b k l"]:
    """Divergence of each word's look from an even one at the moment; 0 where they are equal."""
    inside, many = moment[:, None, None], moment.sum(1)[:, None, None].clamp_min(1)
    surprise = -looks.clamp_min(1e-9).log().masked_fill(~inside, 0).sum(-1) / many
    return surprise - many.log().where(moment.any(1)[:, None, None], 0)
