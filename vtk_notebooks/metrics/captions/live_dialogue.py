"""Live dialogue: does a model that watches a stream speak in time, and say the right words?

After "VideoLLM-online: Online Video Large Language Model for Streaming Video" (Chen et al., 2024,
arXiv:2406.11816). The true dialogue so far is given at every step; of each turn:

* `LM-PPL`, the perplexity of the true reply;
* `TimeDiff`, by how many seconds the model would have spoken too early or too late;
* `Fluency`, how much of the turn goes right before the first mistake: silence after each frame that
  wants it, a word after the last one, then the tokens of the reply; as a part of all of these;
* `LM-Correctness`, the part of the reply's tokens that come before the first wrong one.

They are averaged over the turns of a dialogue, then over dialogues. The definitions are read from
the released evaluation; how the paper words them could not be verified.

What differs (`strict`): a model that speaks d frames early has been right at those before it spoke,
which are all but d + 1; the released code counts one more. A model that never speaks is taken to
speak one frame after the last that was watched; the released code takes it to speak at that one,
and to be right in every way where no frame was watched, as in the last turn of every dialogue. A
dialogue without a reply has no perplexity; the released code gives it 1. `upstream` does as the
released code does, in all three.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

Mode = Literal["strict", "upstream"]
_NAMES = ("LM-PPL", "TimeDiff", "Fluency", "LM-Correctness")
_NOTHING = (1.0, 0.0, 1.0, 1.0)
"""What the released code gives to a dialogue in which there is nothing to measure."""


@dataclass(frozen=True)
class Turn:
    """One turn of a dialogue: frames come in, and after the last of them a reply is due.

    Args:
        frames: how many; 0 where a reply follows a question at once.
        spoke: the frame, from 0, after which the model would speak first; `frames` or more if it is
            late, None if it never speaks.
        watched: frames after the last one, in which a late reply was still waited for.
        surprise: of each token of the true reply, minus the log of its probability.
        right: whether each of these tokens was the most probable one.
    """

    frames: int
    spoke: int | None = None
    watched: int = 0
    surprise: tuple[float, ...] = ()
    right: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        last = self.frames + self.watched if self.frames else 0
        heard = self.spoke is None or 0 <= self.spoke < last
        if min(self.frames, self.watched) < 0 or not heard or len(self.surprise) != len(self.right):
            expected = "a first word after a frame that was watched, and a verdict on each token"
            raise VtkError("Turn", expected, self)


@register(
    "metric",
    "live_dialogue",
    title="LM-PPL, TimeDiff, Fluency",
    paper="VideoLLM-online: Online Video Large Language Model for Streaming Video",
    year=2024,
    arxiv="2406.11816",
    atlas=("videollm_online",),
)
@dataclass(frozen=True)
class LiveDialogue:
    """LM-PPL, from 1 on, TimeDiff in seconds, Fluency and LM-Correctness as parts of 1.

    Args:
        mode: "strict", or "upstream" for how the released evaluation counts.
    """

    mode: Mode = "strict"

    def __call__(
        self, dialogues: Sequence[Sequence[Turn]], frames_per_s: float | int
    ) -> dict[str, Estimate]:
        """Numbers by name.

        Args:
            dialogues: the turns of each, one or more.
            frames_per_s: of the stream.
        """
        if not len(dialogues) or not all(map(len, dialogues)) or not frames_per_s > 0:
            got = f"{len(dialogues)} dialogues at {frames_per_s} frames per second"
            raise VtkError("live_dialogue", "dialogues of one or more turns, and a rate", got)
        rows = np.array([dialogue_means(turns, self.mode) for turns in dialogues])
        rows[:, _NAMES.index("TimeDiff")] /= frames_per_s
        return {name: Estimate.mean(x) for name, x in zip(_NAMES, rows.T, strict=True)}

    @classmethod
    def example(cls) -> tuple[list[list[Turn]], float]:
        """A dialogue of two turns, at two frames per second, in time and word for word."""
        turns = [Turn(n, n - 1, 3, (0.0,) * n, (True,) * n) for n in (4, 2)]
        return [turns], 2.0


def dialogue_means(turns: Sequence[Turn], mode: Mode) -> Float[np.ndarray, "4"]:
    """Perplexity, frames away, fluency and correctness; nan where no turn has one."""
    values = np.array([_measured(turn, mode) for turn in turns])
    there = ~np.isnan(values)
    none = np.array(_NOTHING) if mode == "upstream" else np.full(4, np.nan)
    return np.divide(np.nansum(values, 0), there.sum(0), out=none, where=there.any(0))


def early_by(turn: Turn, mode: Mode) -> int:
    """Frames between when the model spoke and when it should have; below 0 if it was late."""
    if turn.spoke is not None:
        return turn.frames - 1 - turn.spoke
    return -turn.watched if mode == "upstream" else -turn.watched - 1


def right_words(turn: Turn) -> int:
    """How many tokens of the reply come before the first wrong one."""
    return turn.right.index(False) if False in turn.right else len(turn.right)


def _measured(turn: Turn, mode: Mode) -> tuple[float, float, float, float]:
    nan, frames, words = float("nan"), turn.frames, len(turn.right)
    early = early_by(turn, mode)
    return (
        float(np.exp(np.mean(turn.surprise))) if words else nan,
        float(abs(early)) if frames else nan,
        _right_steps(turn, early, mode) / (frames + words) if frames and words else nan,
        right_words(turn) / words if words else nan,
    )


def _right_steps(turn: Turn, early: int, mode: Mode) -> int:
    """Frames, and then words, that go right before the first mistake."""
    if early == 0:
        return turn.frames + right_words(turn)
    if early < 0:
        return turn.frames - 1
    return turn.frames - early - (mode == "strict")
