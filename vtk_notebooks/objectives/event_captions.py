"""Event captions: say what happens, look at it, and guess what else is seen beside each thing.

After "iPerceive: Applying Common-Sense Reasoning to Multi-Modal Dense Video Captioning and Video
Question Answering" (Chadha et al., 2020, arXiv:2011.07735): the caption's cross-entropy, with the
two of the common-sense features beside it, as in "Visual Commonsense R-CNN" (Wang et al., 2020,
arXiv:2002.12204): a thing's own class, and those of the things around it. How the paper weighs them
could not be verified; here all count alike.

Ours: things are a film's clips and classes the dictionary's entries, so a term draws entries to the
clips that are most like them (`dictionary`) and one learns how frequent each is (`prior`). Where
moments are known, words are asked to look at them evenly (`attend`).
"""

from dataclasses import dataclass

from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div, one_hot

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.registry import register

TERMS = ("caption", "attend", "own", "context", "dictionary", "prior")


@register(
    "objective",
    "event_captions",
    title="Captions with common sense (iPerceive)",
    paper=(
        "iPerceive: Applying Common-Sense Reasoning to Multi-Modal Dense Video Captioning and "
        "Video Question Answering"
    ),
    year=2020,
    arxiv="2011.07735",
    atlas=("iperceive",),
)
@dataclass(frozen=True)
class EventCaptions:
    """Cross-entropy of a caption, where its words look, and the proxy of the causal features.

    Args:
        caption: weight of the words.
        attend: of looking at the moment.
        own: of each clip's own class.
        context: of the classes of the film's other clips.
        dictionary: of how far clips are from their entries.
        prior: of the entries' frequency.
    """

    caption: float = 1.0
    attend: float = 1.0
    own: float = 1.0
    context: float = 1.0
    dictionary: float = 1.0
    prior: float = 1.0

    def __call__(
        self,
        logits: Float[Tensor, "b l v"],
        words: Int[Tensor, "b l"],
        mask: Bool[Tensor, "b l"],
    ) -> Float[Tensor, ""]:
        """The caption's term, the mean over words.

        Args:
            logits: of the vocabulary for each word.
            words: numbers of the right ones.
            mask: words that exist.
        """
        return cross_entropy(logits[mask], words[mask])

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {name: getattr(self, name) for name in TERMS}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """All terms of a head's batch.

        Args:
            out: with the aux of `heads.event_captioner.Kernel`.
            targets: what is true of its clips.
        """
        aux, here = out.aux, targets.mask
        inside = (targets.labels.f & here).float()
        even = (inside / inside.sum(1, keepdim=True).clamp_min(1))[:, None]
        looks = kl_div(aux["looks"].clamp_min(1e-9).log(), even, reduction="none").sum(-1)
        classes = aux["classes"]
        return {
            "caption": self(aux["logits"], aux["words"], aux["said"]),
            "attend": looks[aux["said"]].mean(),
            "own": cross_entropy(aux["own"][here], classes[here]),
            "context": context_loss(aux["context"], classes, here),
            "dictionary": aux["away"][here].mean(),
            "prior": cross_entropy(aux["log_odds"].expand_as(aux["own"])[here], classes[here]),
        }


def context_loss(
    logits: Float[Tensor, "b t z"], classes: Int[Tensor, "b t"], here: Bool[Tensor, "b t"]
) -> Float[Tensor, ""]:
    """Cross-entropy of what each clip expects beside it with what all others of its film are.

    Args:
        logits: of each clip's surroundings.
        classes: of the clips.
        here: which clips exist.
    """
    seen = one_hot(classes, logits.shape[-1]).to(logits) * here[..., None]
    others = seen.sum(1, keepdim=True) - seen
    others = others / others.sum(-1, keepdim=True).clamp_min(1)
    return -(others * logits.log_softmax(-1)).sum(-1)[here].mean()
