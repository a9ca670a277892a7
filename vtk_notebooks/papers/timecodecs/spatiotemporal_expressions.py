"""Spatiotemporal expressions at work: what a question says about when ranks its answers."""

from dataclasses import replace
from pathlib import Path

from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.pipelines.time_expressions import TimeExpressions, measured
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("pipeline:time_expressions",)
TESTS = (
    "tests/text/test_perceptron.py",
    "tests/text/test_time_words.py",
    "tests/text/test_time_constraints.py",
    "tests/text/test_time_tagger.py",
    "tests/training/test_time_phrases.py",
    "tests/pipelines/test_time_expressions.py",
    "tests/papers/timecodecs/test_spatiotemporal_expressions.py",
)
DIFFERS = (
    "Only the abstract could be read. The five forms of text, the kinds of expressions and all "
    "text that is learnt from are ours: questions about films made by templates, not sentences "
    "that people wrote, and times only, no places. A rule turns an expression into a constraint; a "
    "training-free head finds the moments that are ranked by it. Belief propagation, which the "
    "paper compares with the best sequence, is not here."
)
WHEN = "in the second half of the film"


def demo(film: Path, query: str) -> Demo:
    """Moments of a question that is asked with a time, before and after the time is heeded."""
    asked = TimeExpressions()(f"{query.rstrip('.?! ')} {WHEN}")
    done = run(Recipe(name="Time expressions"), film, asked.text)
    length_s = done.clip.duration_s
    ranked = asked.ranked(done.moments, length_s)
    fits = [asked.fit(moments[0], length_s) for moments in (done.moments, ranked)]
    f1 = measured()["chosen by votes, held out"]["f1_percent"]
    return demo_of(
        replace(done, moments=tuple(ranked)),
        expressions=float(len(asked.constraints)),
        doubt=asked.doubt,
        fit_before=fits[0],
        fit_after=fits[1],
        held_out_f1_percent=f1,
    )
