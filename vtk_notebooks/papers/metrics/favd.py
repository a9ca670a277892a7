"""FAVD at work: are the things that a classifier sees in a film those that a sentence names?"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from vtk_notebooks.clip import Clip
from vtk_notebooks.generation.patterns.prefix_lm import PrefixLM
from vtk_notebooks.metrics.captions.entity_score import EntityScore
from vtk_notebooks.models import minilm
from vtk_notebooks.models.efficientnet import cell_logits
from vtk_notebooks.models.labels import labels
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.text.sentences import words
from vtk_notebooks.video import open_clip

MECHANISMS = ("metric:entity_score", "metric:audio_score", "pattern:prefix_lm")
TESTS = (
    "tests/metrics/captions/test_entity_score.py",
    "tests/metrics/captions/test_audio_score.py",
    "tests/generation/patterns/test_prefix_lm.py",
)
DIFFERS = (
    "No captioner is here: the labels that a classifier is surest of stand in for a description, "
    "and are compared as MiniLM's vectors, not as T5's word pieces. The audio score is not shown: "
    "no encoder of sound is here whose space text and frames share."
)
ELSEWHERE = "a bowl of fruit on a grand piano"
"""What a film is not likely to show."""


def named(clip: Clip, many: int = 5) -> str:
    """The labels that some cell of most frames is surest of, as ConSE's classifier sees them."""
    surest = cell_logits(clip.frames).softmax(-1).amax((1, 2)).mean(0)
    return ", ".join(labels()[i] for i in surest.topk(many).indices.tolist())


def embed(things: Sequence[str]) -> Float[np.ndarray, "n d"]:
    """One MiniLM vector per thing."""
    return minilm.embed(things).numpy()


def demo(film: Path, query: str) -> Demo:
    """EntityScore of what is seen against the question and against something else."""
    clip = open_clip(film).sample(count=8, short_side=224)
    said, metric = named(clip), EntityScore()
    asked, other = (metric([said], [text], embed=embed) for text in (query, ELSEWHERE))
    frames, _ = clip.frames.shape[:2]
    table = PrefixLM()((frames, 1, 1), len(words(query)))
    return Demo(
        {
            "entity_score_percent": 100 * asked["EntityScore"],
            "shared_things_percent": 100 * asked["R"],
            "nearness_percent": 100 * asked["C"],
            "other_entity_score_percent": 100 * other["EntityScore"],
            "other_nearness_percent": 100 * other["C"],
            "prefix_pairs_percent": 100 * table.float().mean().item(),
        }
    )
