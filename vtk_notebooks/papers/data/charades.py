"""Charades at work: two actions of a film, its own and another's, recognised and put in time."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from vtk_notebooks.encoders import ConSE
from vtk_notebooks.metrics.actions.localisation_map import LocalisationMap, frame_times_s
from vtk_notebooks.metrics.actions.multilabel_map import MultilabelMap
from vtk_notebooks.moment import Moment
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.video import gallery_film, open_clip
from vtk_notebooks.video.shots import find_cuts

MECHANISMS = ("metric:multilabel_map", "metric:localisation_map")
TESTS = (
    "tests/metrics/actions/test_multilabel_map.py",
    "tests/metrics/actions/test_localisation_map.py",
    "tests/data/test_files.py",
)
DIFFERS = (
    "No Charades films and no trained classifier: ConSE scores two phrases on this film and on one "
    "of the gallery, and the truth of where is the shot in which the phrase scores best, found on "
    "other frames than those that are scored. It shows the two metrics, not a result."
)
OTHER = "a rabbit"
LEAST_S = 1.0  # of a shot: 25 times of a film must hit it


def demo(film: Path, query: str) -> Demo:
    """Classification over two films, and localisation of the query in this one."""
    conse, other = ConSE(), gallery_film("bigbuckbunny")
    clips = [open_clip(path).sample(25, short_side=224) for path in (film, other)]
    words = torch.stack([conse.read(text).vector for text in (query, OTHER)], 1)
    scores = np.stack([_by_frame(conse, clip, words) for clip in clips])
    whole = MultilabelMap()(scores.max(1), np.eye(2, dtype=bool))
    duration_s = clips[0].duration_s
    shot = replace(_best_shot(conse, film, words), text=query)
    when = LocalisationMap()(scores[:1], [[shot]], [duration_s], (query, OTHER))
    assert len(frame_times_s(duration_s)) == scores.shape[1]  # noqa: S101 25 of both
    return Demo(
        {
            "classification_map_percent": float(whole["mAP"]),
            "localisation_map_percent": float(when["mAP"]),
            "shot_start_s": shot.start_s,
            "shot_end_s": shot.end_s,
        }
    )


def _by_frame(conse: ConSE, clip, words: torch.Tensor) -> np.ndarray:
    tokens = conse(clip)
    columns = (tokens.x @ words).unbind(1)
    return np.stack([tokens.per_frame(c, best=0.25).numpy() for c in columns], 1).astype(float)


def _best_shot(conse: ConSE, film: Path, words: torch.Tensor) -> Moment:
    """The shot whose middle is most like the first phrase."""
    clip = open_clip(film)
    ends_s = [0.0, *find_cuts(clip), clip.sample(1, short_side=32).duration_s]
    shots = [(a, b) for a, b in pairwise(ends_s) if b - a >= LEAST_S] or [(0.0, ends_s[-1])]
    middles = clip.sample(times_s=[(a + b) / 2 for a, b in shots], short_side=224)
    best = int(_by_frame(conse, middles, words)[:, 0].argmax())
    return Moment(*shots[best])
