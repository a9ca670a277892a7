"""LMM-VQA at work: blurred copies of a film are rated by how much fine detail is left."""

from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter

from vtk_notebooks.metrics.generation.quality_levels import QualityLevels
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.video import open_clip

MECHANISMS = ("metric:quality_levels",)
TESTS = (
    "tests/metrics/generation/test_quality_levels.py",
    "tests/papers/metrics/test_lmm_vqa.py",
)
DIFFERS = (
    "No language model and no people: copies of one film are blurred to five known levels, and a "
    "still's share of fine detail stands in for the model's probabilities of levels. The spatial "
    "and motion tokens of the paper are not here; its regression from levels to a score is."
)
BLURS_PX = (8.0, 4.0, 2.0, 1.0, 0.0)
"""Of the five levels, worst first."""


def demo(film: Path, query: str) -> Demo:
    """How well detail predicts the level of blur: PLCC, SRCC, and levels that are right."""
    frames = open_clip(film).sample(4, short_side=160).frames.astype(float).mean(-1)
    detail = np.array([[_detail(gaussian_filter(f, s)) for s in BLURS_PX] for f in frames])
    metric, truth = QualityLevels(), np.tile(np.arange(1.0, 6.0), len(frames))
    # Each level's usual detail, learnt from all frames but the one that is rated.
    usual = np.stack([np.delete(detail, i, 0).mean(0) for i in range(len(frames))])
    far = np.abs(np.log(detail)[:, :, None] - np.log(usual)[:, None])
    said = metric.expected(np.exp(-8 * far).reshape(-1, len(BLURS_PX)))
    scores = metric(said, truth, np.repeat(np.arange(len(frames)), 5).astype(str).tolist())
    return Demo(
        {
            "plcc": float(scores["PLCC"]),
            "srcc": float(scores["SRCC"]),
            "level_percent": float(scores["level"]),
        }
    )


def _detail(picture: np.ndarray) -> float:
    """Mean squared difference of neighbours, in parts of the picture's variance."""
    steps = sum(float((np.diff(picture, axis=a) ** 2).mean()) for a in (0, 1))
    return steps / (float(picture.var()) + 1e-9) + 1e-6
