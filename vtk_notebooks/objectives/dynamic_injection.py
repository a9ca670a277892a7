"""Visual-dynamic injection: nouns should agree with what is there, verbs with what changes.

After "Towards Generalisable Video Moment Retrieval: Visual-Dynamic Injection to Image-Text
Pre-Training" (Luo et al., 2023, arXiv:2303.00040). As its abstract has it: a sentence is split into
a static and a dynamic part, and two losses beside those of a moment-retrieval model inject visual
context into the one and spatial dynamics into the other.

The formulas could not be verified, so these are ours: the static part is contrasted, over a batch,
with the mean of the true moment's clips, the dynamic part with the mean amount by which channels
change from clip to clip. The latter counts as much as there is change, not at all in a still film.
Words are told apart by their endings and a short list, not by a parser. A head that says only one
"text" uses it for both parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.registry import register

_VERBS = """
climb close cook cut dance drink drive eat fall fly get go hold jump kick lift move open play pour
pull push put ride run sit stand swim take talk throw turn walk wash write
"""
_SMALL = """
a an and are at be by for from her his in into is it its of off on or out over that the their them
then there they this to up was were while who with
"""
VERBS, SMALL = frozenset(_VERBS.split()), frozenset(_SMALL.split())


@register(
    "objective",
    "dynamic_injection",
    title="Visual-dynamic injection (VDI)",
    paper="Towards Generalisable Video Moment Retrieval: Visual-Dynamic Injection to Image-Text "
    "Pre-Training",
    year=2023,
    arxiv="2303.00040",
    atlas=("vdi",),
)
@dataclass(frozen=True)
class DynamicInjection:
    """Two terms beside a head's own.

    Args:
        context: weight of the static term.
        dynamics: of the dynamic term.
        tau: temperature.
    """

    context: float = 0.1
    dynamics: float = 0.1
    tau: float = 0.07

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {"context": self.context, "dynamics": self.dynamics}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """Both terms of a head's batch, unweighted.

        Args:
            out: with aux "video" (b t c) and "text" (b c), or in its place "static" and "dynamic".
            targets: which clips lie in the moment.
        """
        aux = out.aux
        static, dynamic = (aux.get(part, aux["text"]) for part in ("static", "dynamic"))
        return self(aux["video"], targets.labels.f & targets.mask, static, dynamic)

    def __call__(
        self,
        video: Float[Tensor, "b t c"],
        inside: Bool[Tensor, "b t"],
        static: Float[Tensor, "b c"],
        dynamic: Float[Tensor, "b c"],
    ) -> dict[str, Tensor]:
        """Both terms.

        Args:
            video: clips.
            inside: those of the moment.
            static: of each sentence, what it says of how things look.
            dynamic: what it says of what they do.
        """
        there, change = what_is_there(video, inside), what_changes(video, inside)
        loud = change.norm(dim=-1)
        share = loud / (loud + there.norm(dim=-1)).clamp_min(1e-9)
        return {
            "context": self._contrast(there, static).mean(),
            "dynamics": (share * self._contrast(change, dynamic)).mean(),
        }

    def _contrast(
        self, seen: Float[Tensor, "b c"], said: Float[Tensor, "b c"]
    ) -> Float[Tensor, "b"]:
        """InfoNCE of each pair among all of the batch, the mean of both directions."""
        alike = normalize(seen, dim=-1) @ normalize(said, dim=-1).T / self.tau
        return -(alike.log_softmax(0) + alike.log_softmax(1)).diagonal() / 2


def what_is_there(
    video: Float[Tensor, "b t c"], inside: Bool[Tensor, "b t"]
) -> Float[Tensor, "b c"]:
    """The mean of the clips inside."""
    return (video * inside[..., None]).sum(1) / inside.sum(1, keepdim=True).clamp_min(1)


def what_changes(
    video: Float[Tensor, "b t c"], inside: Bool[Tensor, "b t"]
) -> Float[Tensor, "b c"]:
    """The mean amount by which each channel changes between neighbouring clips inside."""
    both = inside[:, 1:] & inside[:, :-1]
    step = video.diff(dim=1).abs() * both[..., None]
    return step.sum(1) / both.sum(1, keepdim=True).clamp_min(1)


def split_words(words: Sequence[str]) -> tuple[list[int], list[int]]:
    """Numbers of the words that say how things look, and of those that say what they do.

    Pieces that begin with "##" go with the word before them; small words go with neither.
    """
    static: list[int] = []
    dynamic: list[int] = []
    part: list[int] | None = None
    for i, word in enumerate(words):
        if not word.startswith("##"):
            plain = word.lower().strip(".,;:!?[]()\"'")
            does = plain in VERBS or plain.removesuffix("s") in VERBS
            does = does or (plain.endswith("ing") and len(plain) > 4)
            small = plain in SMALL or not plain.isalnum() or plain in ("cls", "sep")
            part = None if small else dynamic if does else static
        if part is not None:
            part.append(i)
    return static, dynamic
