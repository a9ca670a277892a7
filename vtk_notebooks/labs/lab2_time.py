"""Lab 2: say when. Its films of made moments, its line-up of codes, and the checks of its answers.

No answer is written down here: errors come from the codes' own bounds, the smallest ruler from
trying, names from the ceilings, the crossing from both errors, and the broken promise from what the
suspect returns.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vtk_notebooks.comparison import Annotation, ceilings
from vtk_notebooks.labs.line_up import confused, some_wrong
from vtk_notebooks.labs.mark import Mark, is_open, right, unanswered, wrong
from vtk_notebooks.protocols import TimeCodec
from vtk_notebooks.timecodecs import DigitTokens, RelativeTokens, SecondsText

LENGTH_S = 300.0
"""Of the film of exercise 1."""
RULER_S, MOST_S = 30.0, 0.1
"""Of exercise 2: the length of the film, and the most that a time may move."""
LINE_UP: Mapping[str, TimeCodec] = {
    "100 words, nearest": RelativeTokens(n=100),
    "100 words, passed": RelativeTokens(n=100, rounding="floor"),
    "301 words, passed": RelativeTokens.grounded_videollm(),
    "whole seconds": SecondsText(decimals=0),
    "digits": DigitTokens(),
}
"""The codes of the exercises; "passed" is the last mark before a time."""
SHORT_S, LONG_S = 30.0, 3600.0
"""Films of exercise 3."""
PROMISES = {
    "bound": "a time that is written and read moves by no more than `max_error_s`",
    "again": "a time that was read is written with the same symbols",
    "order": "a later time is never read as an earlier one",
    "ends": "times outside a film become its ends",
}
"""What every time code of the toolkit promises, by a short name."""
SUSPECT = RelativeTokens.vid2seq()
"""Of exercise 5."""


# -- 1: how far may a time move --------------------------------------------------------------


def check_errors(answer: object) -> Mark:
    """Exercise 1: the most that a time of a film of `LENGTH_S` can move in each of `LINE_UP`.

    Args:
        answer: seconds for each name; 3 % off is near enough.
    """
    if is_open(answer):
        return unanswered("a number of seconds for each code")
    truth = {name: codec.max_error_s(LENGTH_S) for name, codec in LINE_UP.items()}
    if not isinstance(answer, Mapping) or set(answer) != set(truth):
        return wrong(f"It takes {{{', '.join(truth)}}}, a number each.", "Keep the names.")
    off = [name for name in truth if not _near(answer[name], truth[name], 0.03)]
    if not off:
        return right("A ruler is as coarse as the film is long; seconds are what they are.")
    name, hint = off[0], "How long is a step? There is one step less than there are words."
    if _near(answer[name], 2 * truth[name], 0.03):
        hint = "The nearest mark is never farther away than half a step."
    elif _near(answer[name], truth[name] / 2, 0.03):
        hint = "The last mark passed can be almost a whole step behind."
    elif name in ("whole seconds", "digits"):
        hint = "It does not know how long the film is. What is the last place that it writes?"
    return wrong(f"{len(truth) - len(off)} of {len(truth)}; look at {name!r} again.", hint)


# -- 2: the smallest ruler -------------------------------------------------------------------


def check_ruler(answer: object) -> Mark:
    """Exercise 2: the `RelativeTokens` of fewest words that keeps `MOST_S` on `RULER_S`.

    Args:
        answer: a codec.
    """
    if is_open(answer):
        return unanswered("a RelativeTokens")
    if not isinstance(answer, RelativeTokens):
        hint = "RelativeTokens(n=..., rounding=...)"
        return wrong(f"{type(answer).__name__} is no RelativeTokens.", hint)
    error_s = answer.max_error_s(RULER_S)
    if error_s > MOST_S + 1e-9:
        return wrong(f"A time can move by {error_s:.3f} s.", "More words, or another rounding.")
    fewest = next(n for n in range(2, 9999) if _fine(RelativeTokens(n=n)))
    if answer.n > fewest:
        hint = "One word fewer: does it still do?"
        if answer.rounding != "round":
            hint = "Which rounding halves the error, and with it the words?"
        return wrong(f"{error_s:.3f} s with {answer.n} words; {fewest} are enough.", hint)
    return right(f"{fewest} words: a step of {2 * MOST_S:g} s, and half of it to the nearest mark.")


def _fine(codec: RelativeTokens) -> bool:
    return codec.max_error_s(RULER_S) <= MOST_S + 1e-9


# -- 3: who was it? --------------------------------------------------------------------------


def made_moments(length_s: float, many: int = 150, seed: int = 0) -> list[Annotation]:
    """Moments of a film of that length, two seconds to twenty long, wherever they fit."""
    draw = np.random.default_rng(seed)
    lasts_s = 2 * 10 ** draw.random(many)
    starts_s = draw.random(many) * (length_s - lasts_s)
    return [
        Annotation(float(start_s), float(start_s + last_s), length_s)
        for start_s, last_s in zip(starts_s, lasts_s, strict=True)
    ]


@dataclass(frozen=True)
class Blind:
    """Ceilings without the names of their codes: mIoU in percent, by letter.

    Args:
        rows: of a short and of a long film.
        names: which code is behind each letter.
    """

    rows: Mapping[str, tuple[float, float]]
    names: Mapping[str, str]

    def __repr__(self) -> str:
        head = f"   {f'{SHORT_S:g} s':>8}{f'{LONG_S:g} s':>8}"
        rows = (f"{k:3}{a:8.1f}{b:8.1f}" for k, (a, b) in self.rows.items())
        return "\n".join([head, *rows])


def blinded(seed: int = 2) -> Blind:
    """Ceilings of the line-up on made moments, shuffled, letters for names."""
    order = np.random.default_rng(seed).permutation(len(LINE_UP)).tolist()
    both = [ceilings(LINE_UP, made_moments(length_s)) for length_s in (SHORT_S, LONG_S)]
    names = dict(zip("ABCDE", (list(LINE_UP)[i] for i in order), strict=True))
    rows = {
        letter: (float(both[0][name]["mIoU"]), float(both[1][name]["mIoU"]))
        for letter, name in names.items()
    }
    return Blind(rows, names)


def check_who(answer: object, blind: Blind) -> Mark:
    """Exercise 3: which code is behind each letter.

    Args:
        answer: a name of `LINE_UP` for each letter.
        blind: of `blinded`.
    """
    off = confused(answer, blind.names, tuple(LINE_UP))
    if isinstance(off, Mark):
        return off
    if not off:
        return right("Two films give each of them away.")
    hint = "Whose ceiling does not care how long the film is?"
    if off == {"whole seconds", "digits"}:
        hint = "Both do not care about the length. Who rounds more?"
    elif off <= {"100 words, nearest", "100 words, passed", "301 words, passed"}:
        hint = "Compare their worst errors of exercise 1: the smaller one has the higher ceiling."
    return some_wrong(off, tuple(LINE_UP), hint)


# -- 4: where the better code changes --------------------------------------------------------


def check_crossing(answer: object) -> Mark:
    """Exercise 4: the length of a film for which 100 nearest words err as much as whole seconds.

    Args:
        answer: in seconds; 3 % off is near enough.
    """
    if is_open(answer):
        return unanswered("a number of seconds")
    words, seconds = LINE_UP["100 words, nearest"], LINE_UP["whole seconds"]
    truth_s = seconds.max_error_s(1.0) / words.max_error_s(1.0)
    if _near(answer, truth_s, 0.03):
        return right(f"From {truth_s:g} s on, a step of the ruler is longer than a second.")
    hint = "For which length is a step of the ruler exactly a second long?"
    if _near(answer, 2 * truth_s, 0.03) or _near(answer, truth_s / 2, 0.03):
        hint = "Both codes round to the nearest, so steps compare as errors do."
    return wrong(f"Not {answer}.", hint)


# -- 5: the broken promise -------------------------------------------------------------------


def holds(promise: str, codec: TimeCodec, t_s: float, duration_s: float) -> bool:
    """Whether a code keeps one of `PROMISES` at a time, in a film of that length."""

    def read(at_s: float) -> float:
        back_s = codec.decode(codec.encode(at_s, duration_s), duration_s)
        return float("nan") if back_s is None else back_s

    once = read(t_s)
    kept = {
        "bound": abs(once - t_s) <= codec.max_error_s(duration_s) * (1 + 1e-9),
        "again": codec.encode(once, duration_s) == codec.encode(t_s, duration_s),
        "order": read(t_s / 2) <= once <= read((t_s + duration_s) / 2),
        "ends": codec.encode(t_s + duration_s, duration_s) == codec.encode(duration_s, duration_s),
    }
    return kept[promise]


def check_broken(answer: object, codec: TimeCodec) -> Mark:
    """The broken invariant: which promise, and a time in a film that shows it.

    Args:
        answer: a name of `PROMISES`, a time in seconds, and the length of a film.
        codec: who is asked.
    """
    if is_open(answer):
        return unanswered("the name of a promise, a time and the length of a film")
    if not isinstance(answer, tuple) or len(answer) != 3 or answer[0] not in PROMISES:
        names = f"Promises: {', '.join(PROMISES)}."
        return wrong("It takes a promise, a time and a length.", names)
    promise, t_s, duration_s = answer
    if not all(isinstance(v, int | float) for v in (t_s, duration_s)) or not 0 <= t_s <= duration_s:
        return wrong(f"{t_s!r} is no time in a film of {duration_s!r} s.", "Both are in seconds.")
    t_s, duration_s = float(t_s), float(duration_s)
    if duration_s <= 0:
        return wrong("A film lasts longer than that.", "Take one of 10 to 60 s.")
    if holds(promise, codec, t_s, duration_s):
        hint = "Take times that lie exactly on a mark, in films of many lengths, and do it twice."
        return wrong(f"{promise!r} holds there: {PROMISES[promise]}.", hint)
    return right(_told(promise, codec, t_s, duration_s))


def _told(promise: str, codec: TimeCodec, t_s: float, duration_s: float) -> str:
    """What a broken promise looks like."""
    first = codec.encode(t_s, duration_s)
    if promise == "ends":
        behind = codec.render(codec.encode(t_s + duration_s, duration_s))
        return f"The end is {codec.render(codec.encode(duration_s, duration_s))}, later {behind}."
    then = codec.encode(codec.decode(first, duration_s) or 0.0, duration_s)
    return f"{codec.render(first)} is read and written again as {codec.render(then)}."


def _near(answer: object, truth: float, part: float) -> bool:
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    return abs(float(answer) - truth) <= part * truth
