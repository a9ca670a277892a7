"""Live stream: frames and replies as one sequence of tokens, and what is to be said after each.

The layout of "VideoLLM-online: Online Video Large Language Model for Streaming Video" (Chen et al.,
2024, arXiv:2406.11816), read from its released code. A run of frames is [f f f] or, where frames
have an interval token, [f,f,f]; text stands between runs. After the last token of a frame comes a
decision: the interval token (without one, the end-of-text token) for silence, the closing bracket
for a reply. Only that position of a frame carries a label.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from vtk_notebooks.errors import VtkError

UNTAUGHT = -100
"""Label of a position that is not taught."""


@dataclass(frozen=True)
class Marks:
    """Token numbers with a meaning of their own, all different.

    Args:
        frame: stands where a frame's features go.
        opens: a run of frames.
        closes: it.
        end: of a reply, and silence where there is no interval token.
        interval: between two frames; None for none.
    """

    frame: int
    opens: int
    closes: int
    end: int
    interval: int | None = None

    def __post_init__(self) -> None:
        named = [self.frame, self.opens, self.closes, self.end]
        named += [] if self.interval is None else [self.interval]
        if len(set(named)) < len(named) or min(named) < 0:
            raise VtkError("Marks", "different token numbers of 0 or more", self)

    @property
    def silence(self) -> int:
        """What the model predicts after a frame that needs no word."""
        return self.end if self.interval is None else self.interval


@dataclass(frozen=True)
class Watched:
    """A run of frames.

    Args:
        frames: one or more.
        taught: of how many, from the first on, the decision is taught; None for all.
        reply: whether a word follows the last one; if not, it is silent like the others.
    """

    frames: int
    taught: int | None = None
    reply: bool = True


@dataclass(frozen=True)
class Said:
    """Text, by whomever.

    Args:
        ids: its tokens, without the end-of-text token.
        taught: whether it is the model's own, which ends it and learns it.
    """

    ids: Sequence[int]
    taught: bool = False


@dataclass(frozen=True)
class Stream:
    """A dialogue beside a film, ready for a language model.

    Args:
        ids: all tokens, `Marks.frame` where features go.
        labels: what comes after each, -100 where that is not taught.
        frames: which positions are those of features.
        decisions: the last one of each frame, in order.
    """

    ids: Int[Tensor, "l"]
    labels: Int[Tensor, "l"]
    frames: Bool[Tensor, "l"]
    decisions: Int[Tensor, "t"]


def laid_out(parts: Sequence[Watched | Said], marks: Marks, tokens_per_frame: int = 1) -> Stream:
    """Lay a dialogue out.

    Args:
        parts: in order of time.
        marks: of the vocabulary.
        tokens_per_frame: 1 or more.
    """
    if tokens_per_frame < 1 or not parts:
        got = f"{len(parts)} parts of {tokens_per_frame} tokens a frame"
        raise VtkError("laid_out", "one or more parts and tokens per frame", got)
    ids: list[int] = []
    labels: list[int] = []
    decisions: list[int] = []
    for part in parts:
        if isinstance(part, Said):
            _say(part, marks, ids, labels)
        else:
            _watch(part, marks, tokens_per_frame, ids, labels, decisions)
    numbers, after, places = (torch.tensor(x, dtype=torch.long) for x in (ids, labels, decisions))
    return Stream(numbers, after, numbers == marks.frame, places)


def _say(part: Said, marks: Marks, ids: list[int], labels: list[int]) -> None:
    own = [*part.ids, marks.end] if part.taught else list(part.ids)
    if marks.frame in own:
        raise VtkError("laid_out", "text without the token that stands for frames", own)
    after = own[1:] if part.taught else [UNTAUGHT] * (len(own) - 1)
    ids += own
    labels += [*after, UNTAUGHT][: len(own)]


def _watch(
    part: Watched,
    marks: Marks,
    tokens_per_frame: int,
    ids: list[int],
    labels: list[int],
    decisions: list[int],
) -> None:
    taught = part.frames if part.taught is None else part.taught
    if part.frames < 1 or not 0 <= taught <= part.frames:
        raise VtkError("laid_out", "one or more frames, of which no more are taught", part)
    ids.append(marks.opens)
    labels.append(UNTAUGHT)
    for number in range(part.frames):
        last = number + 1 == part.frames
        due = marks.closes if last and part.reply else marks.silence
        ids += [marks.frame] * tokens_per_frame
        labels += [UNTAUGHT] * (tokens_per_frame - 1) + [due if number < taught else UNTAUGHT]
        decisions.append(len(ids) - 1)
        if not last and marks.interval is not None:
            ids.append(marks.interval)
            labels.append(UNTAUGHT)
    ids.append(marks.closes)
    labels.append(UNTAUGHT)
