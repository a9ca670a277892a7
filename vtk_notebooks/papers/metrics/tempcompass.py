"""TempCompass at work: a film, its reverse and its slow copy are told apart; a still cannot."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vtk_notebooks.clip import Clip
from vtk_notebooks.metrics.questions.tempcompass import Asked, Task, TempCompass
from vtk_notebooks.moment import Moment
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("metric:tempcompass",)
TESTS = ("tests/metrics/questions/test_tempcompass.py",)
DIFFERS = (
    "Not the benchmark's films or questions, and no language model: of one film, its reverse and "
    "its slow copy it is asked when and for how long the query shows, and ConSE with a "
    "training-free head answers. What is right of the copies follows from what the same head says "
    "of the film as it is: full marks say that it follows time, not that it knows what is shown. "
    "Nothing is asked about motion, of which ConSE has no idea."
)
SLOWER = 2
_TASKS: tuple[Task, ...] = ("yes_no", "multi-choice")


@dataclass(frozen=True)
class Copy:
    """One way to play the film, when the query shows in it, and what a still of it is."""

    clip: Clip
    shown: Moment
    still: Clip


def demo(film: Path, query: str) -> Demo:
    """Accuracy of one who watches every copy, and of one who sees a single frame of it."""
    recipe = Recipe((Part("conse"),), frames=12, short_side=224, name="TempCompass")
    done = run(recipe, film, query)
    best = int(np.nanargmax(done.saliency.numpy()))
    copies = played(done.clip, done.moments[0], best)
    clips = [done.moments[0], *(run(recipe, c.clip, query).moments[0] for c in copies[1:])]
    stills = [run(recipe, c.still, query).moments[0] for c in copies]
    numbers = {
        f"{who}_{task.replace('-', '_')}_percent": float(
            TempCompass(task)(questions(task, copies, said, query))["avg"]
        )
        for who, said in (("film", clips), ("still", stills))
        for task in _TASKS
    }
    return demo_of(done, **numbers)


def played(clip: Clip, shown: Moment, best: int) -> tuple[Copy, Copy, Copy]:
    """The film as it is, backwards, and slow; all of them share their best frame."""
    end_s = clip.duration_s
    turned = replace(shown, start_s=end_s - shown.end_s, end_s=end_s - shown.start_s)
    longer = replace(shown, start_s=SLOWER * shown.start_s, end_s=SLOWER * shown.end_s)
    plays = ((clip, shown), (backwards(clip), turned), (slowed(clip), longer))
    first, second, third = (
        Copy(play, when, Clip(clip.frames[[best]], np.zeros(1), play.origin))
        for play, when in plays
    )
    return first, second, third


def backwards(clip: Clip) -> Clip:
    """From the last frame to the first, each on screen for as long as before."""
    ends_s = np.append(clip.times_s[1:], clip.duration_s)
    return Clip(clip.frames[::-1].copy(), (clip.duration_s - ends_s)[::-1].copy(), clip.origin)


def slowed(clip: Clip) -> Clip:
    """Every frame on screen for longer."""
    origin = replace(clip.origin, duration_s=SLOWER * clip.duration_s)
    return Clip(clip.frames, SLOWER * clip.times_s, origin)


def questions(task: Task, copies: tuple[Copy, ...], said: list[Moment], query: str) -> list[Asked]:
    """Two pairs: when of the film and its reverse, how long of the film and its slow copy."""
    bar_s = (1 + SLOWER) / 2 * copies[0].shown.duration_s
    asked = []
    for aspect, pair in (("order", (0, 1)), ("speed", (0, 2))):
        for n in pair:
            half_s = copies[n].clip.duration_s / 2
            right, told = (
                m.duration_s > bar_s if aspect == "speed" else m.start_s + m.end_s < 2 * half_s
                for m in (copies[n].shown, said[n])
            )
            asked.append(_asked(task, aspect, right, told, query, bar_s))
    return asked


def _asked(task: Task, aspect: str, right: bool, told: bool, query: str, bar_s: float) -> Asked:
    """One question in one format, and an answer in words."""
    long = aspect == "speed"
    true, false = (
        (f"for longer than {bar_s:.1f} s", f"for {bar_s:.1f} s or less")
        if long
        else ("in the first half", "in the second half")
    )
    if task == "yes_no":
        answer, said = ("yes" if holds else "no" for holds in (right, told))
        return Asked(f"Does {query} show {true}?", answer, f"{said.title()}.", (), aspect)
    choices = (f"A. {true}", f"B. {false}")
    question = f"{'How long' if long else 'When'} does {query} show?"
    answer, said = (choices[0 if holds else 1] for holds in (right, told))
    return Asked("\n".join((question, *choices)), answer, said, choices, aspect)
