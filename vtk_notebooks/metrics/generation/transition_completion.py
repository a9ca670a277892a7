"""Transition completion: does a made clip start as told, change, and end as promised?

After "TC-Bench: Benchmarking Temporal Compositionality in Text-to-Video and Image-to-Video
Generation" (Feng et al., 2025, arXiv:2406.08656). A judge is shown frames of a clip and answers
yes-or-no statements about it, of three kinds. TCR is the share of clips whose every statement
holds, those about other objects aside; TC-Score is the mean share of statements that hold. For
image-to-video it is 2/3 of the share without the statements on consistency, plus 1/3 of the mean
similarity of consecutive frames, mapped from .9 and .98 to 0 and 1.

What differs: the released script looks for "yes" and then "no" anywhere, so that "her eyes" is a
yes and "I cannot tell" a no; a reply with neither is half right there, and passes as complete,
because half is not nothing. Here words are read, and a reply that says neither is not right.
`upstream` does as the script does. The judge (GPT-4 Turbo there) is brought by the caller.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from vtk_notebooks.answers import yes_no
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

COMPLETION = "transition completion"
CONSISTENCY = "transition object consistency"
OTHERS = "other objects"
KINDS = (COMPLETION, CONSISTENCY, OTHERS)
SCALE = 16
"""Statements number frames from 1 to 16, however many a clip has."""


@dataclass(frozen=True)
class Statement:
    """A yes-or-no question about a clip, and what the judge said.

    Args:
        question: yes is what the prompt promised.
        kind: one of `KINDS`.
        frames: to look at, from 1 to 16.
        reply: None where there is none.
    """

    question: str
    kind: str = COMPLETION
    frames: tuple[int, ...] = ()
    reply: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS or not all(1 <= k <= SCALE for k in self.frames):
            got = f"{self.kind!r} and {self.frames}"
            raise VtkError("Statement", f"one of {KINDS} and frames from 1 to {SCALE}", got)


@register(
    "metric",
    "transition_completion",
    title="TCR and TC-Score",
    paper="TC-Bench: Benchmarking Temporal Compositionality in Text-to-Video and Image-to-Video "
    "Generation",
    year=2025,
    arxiv="2406.08656",
    atlas=("tc_bench",),
)
@dataclass(frozen=True)
class Transitions:
    """TCR in percent and TC-Score in [0, 1], over clips.

    Args:
        upstream: read parts of words; half a point, and completion, for saying neither.
    """

    upstream: bool = False

    def __call__(
        self,
        clips: Sequence[Sequence[Statement]],
        consistency: Sequence[float] | None = None,
        prompts: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "TCR", "TC-Score", and "unread", the percentage of such replies.

        Args:
            clips: the statements about each, with replies.
            consistency: mean similarity of consecutive frames, of image-to-video clips; nan where
                it is not known, and the statements are taken instead.
            prompts: of each clip; intervals then draw whole prompts with all their clips.
        """
        if not clips or not all(any(s.kind == COMPLETION for s in clip) for clip in clips):
            got = f"{len(clips)} clips"
            raise VtkError("Transitions", "clips with statements on their transition", got)
        kinds = [np.array([s.kind for s in clip]) for clip in clips]
        values = [np.array([self.value(s.reply) for s in clip]) for clip in clips]
        told = list(zip(values, kinds, strict=True))
        scores = np.array([v.mean() for v in values])
        if consistency is not None:
            without = np.array([v[k != CONSISTENCY].mean() for v, k in told])
            scores = with_frames(scores, without, np.asarray(consistency, float))
        unread = [yes_no(s.reply or "") is None for clip in clips for s in clip]
        return {
            "TCR": Estimate.mean([(v[k != OTHERS] > 0).all() for v, k in told], prompts, scale=100),
            "TC-Score": Estimate.mean(scores, prompts),
            "unread": Estimate.mean(unread, scale=100),
        }

    def value(self, reply: str | None) -> float:
        """What a reply is worth: 1 for yes, 0 for no; for neither 0, or a half upstream."""
        if not self.upstream:
            return float(yes_no(reply or "") is True)
        said = (reply or "").lower()
        return 1.0 if "yes" in said else 0.0 if "no" in said else 0.5

    @classmethod
    def example(cls) -> tuple[list[list[Statement]]]:
        """One clip of which all statements hold."""
        said = {"Is the leaf green?": 1, "Is the leaf red?": 16}
        return ([[Statement(q, frames=(k,), reply="Yes.") for q, k in said.items()]],)


def judged(
    statements: Sequence[Statement], frames: int, judge: Callable[[str, list[int]], str]
) -> list[Statement]:
    """The statements with the judge's replies.

    Args:
        statements: about one clip.
        frames: how many it has.
        judge: from a question and the numbers of the frames to look at, from 0, to its reply.
    """
    return [
        replace(s, reply=judge(s.question, frame_indices(s.frames, frames))) for s in statements
    ]


def frame_indices(numbers: Sequence[int], frames: int) -> list[int]:
    """Frames of a clip, from 0 and each once, for numbers on the scale from 1 to 16."""
    return sorted({round((k - 1) / (SCALE - 1) * (frames - 1)) for k in numbers})


def consecutive_similarity(features: Float[np.ndarray, "t d"]) -> float:
    """Mean cosine of each frame with the next one."""
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    return float((unit[1:] * unit[:-1]).sum(1).mean())


def ramp(similarity: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n"]:
    """0 up to .9, 1 from .98, linear in between."""
    return np.clip((similarity - 0.9) / (0.98 - 0.9), 0.0, 1.0)


def with_frames(
    scores: Float[np.ndarray, "n"],
    without: Float[np.ndarray, "n"],
    consistency: Float[np.ndarray, "n"],
) -> Float[np.ndarray, "n"]:
    """Image-to-video scores; the plain ones where the similarity of frames is not known.

    Args:
        scores: mean of all statements of a clip.
        without: mean of those that are not about consistency.
        consistency: mean similarity of consecutive frames, or nan.
    """
    return np.where(np.isnan(consistency), scores, 2 / 3 * without + 1 / 3 * ramp(consistency))
