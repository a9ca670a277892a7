"""TC-Bench at work: made films whose colour changes as told, half-way, or not at all."""

from pathlib import Path

import numpy as np

from vtk_notebooks.encoders import ConSE
from vtk_notebooks.metrics.generation.transition_completion import Statement, Transitions
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.video import open_clip

MECHANISMS = ("metric:transition_completion",)
TESTS = (
    "tests/metrics/generation/test_transition_completion.py",
    "tests/papers/metrics/test_tc_bench.py",
)
DIFFERS = (
    "No generated clips and no GPT-4V: films of 16 frames fade from one picture of the given film "
    "to another, all the way, half of it, or not at all, and the judge is a comparison of pixels "
    "with both pictures. The query is only asked of the last frame, with ConSE, for the numbers."
)
FADES = {"told": 1.0, "half": 0.5, "frozen": 0.0}
"""How far each made film gets."""


def demo(film: Path, query: str) -> Demo:
    """TCR and TC-Score of each made film, by a judge that can see the pictures it was made of."""
    seen = open_clip(film).sample(2, short_side=120)
    first, last = seen.frames.astype(float)
    numbers = {}
    for name, part in FADES.items():
        way = np.linspace(0, part, 16)[:, None, None, None]
        frames = first * (1 - way) + last * way
        scores = Transitions()([_statements(frames, first, last)])
        numbers[f"{name}_tcr_percent"] = float(scores["TCR"])
        numbers[f"{name}_score"] = float(scores["TC-Score"])
    conse = ConSE()
    like = conse(seen).x @ conse.read(query).vector
    return Demo({**numbers, "query_likeness": float(like.mean())})


def _statements(frames: np.ndarray, first: np.ndarray, last: np.ndarray) -> list[Statement]:
    """What must hold: it starts as told, it ends as told, and it gets there without a jump."""

    def near(frame: np.ndarray, one: np.ndarray, other: np.ndarray) -> bool:
        return float(np.abs(frame - one).mean()) < 0.1 * float(np.abs(one - other).mean())

    steps = np.abs(np.diff(frames, axis=0)).mean((1, 2, 3))
    smooth = steps.max() <= 0.5 * float(np.abs(first - last).mean())
    held = {
        ("Does it start with the first picture?", (1,)): near(frames[0], first, last),
        ("Does it end with the second picture?", (16,)): near(frames[-1], last, first),
        ("Does it change without a jump?", (1, 8, 16)): bool(smooth),
    }
    return [
        Statement(text, frames=at, reply="Yes." if holds else "No.")
        for (text, at), holds in held.items()
    ]
