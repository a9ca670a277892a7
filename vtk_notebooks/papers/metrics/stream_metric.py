"""STREAM at work: shots of a film against themselves with their frames shuffled."""

from pathlib import Path

import numpy as np
from einops import rearrange

from vtk_notebooks.encoders import DINOv2
from vtk_notebooks.metrics.generation.stream import Stream
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.video import open_clip

MECHANISMS = ("metric:stream",)
TESTS = (
    "tests/metrics/generation/test_stream.py",
    "tests/papers/metrics/test_stream_metric.py",
)
DIFFERS = (
    "Stretches of one film instead of thousands of made and real clips, and DINOv2-shaped features "
    "instead of SwAV's; with so few clips the numbers only show what they are blind to: order in "
    "time moves STREAM-T alone."
)
CLIPS, FRAMES = 8, 8


def demo(film: Path, query: str) -> Demo:
    """The same stretches, as they are and with frames in another order: T falls, F and D do not."""
    clip = open_clip(film).sample(CLIPS * FRAMES, short_side=112)
    tokens = DINOv2(patches=16)(clip)
    x = rearrange(tokens.x.numpy(), "(c t s) d -> c t s d", c=CLIPS, t=FRAMES).mean(2)
    real = x.astype(float)
    same, other = Stream()(real, real), Stream()(_shuffled(real), real)
    told = {"itself": same, "shuffled": other}
    return Demo({f"{w}_{n[-1].lower()}": float(v) for w, s in told.items() for n, v in s.items()})


def _shuffled(x: np.ndarray) -> np.ndarray:
    """Every clip's frames in an order of their own; each keeps all its channels together."""
    draw = np.random.default_rng(0)
    return np.stack([clip[draw.permutation(len(clip))] for clip in x])
