"""Temporal video-text alignment at work: which sentences of a narration are shown, and when."""

from pathlib import Path

import torch
from torch.nn.functional import normalize

from vtk_notebooks.arrays import generator
from vtk_notebooks.heads.sentence_queries import SentenceQueries
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import WIDTH, answered
from vtk_notebooks.papers.heads._planted import trained as train
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens

MECHANISMS = ("head:sentence_queries", "objective:multi_positive_nce")
TESTS = (
    "tests/heads/test_sentence_queries.py",
    "tests/objectives/test_multi_positive_nce.py",
    "tests/blocks/grounding/test_curves.py",
    "tests/oracles/test_nsva_loss.py",
    "tests/papers/heads/test_temporal_alignment.py",
)
DIFFERS = (
    "Trained for seconds on made films, not on HowTo100M, and smaller: 64 channels instead of 256. "
    "Frames are read by ConSE and sentences by MiniLM; the narrations whose alignment is measured "
    "are made too, and on a real film the question is the only sentence."
)
STEP_S, SHOWN, ABSENT = 0.5, 5, 5


def trained(films: int = 192, steps: int = 120) -> SentenceQueries:
    """A head for ConSE tokens, trained on made films."""
    return train(SentenceQueries, films, steps, rate=2e-3)


def narrated(seed: int) -> tuple[Tokens, list[Query]]:
    """A film in which the first half of some sentences is shown, one after the other."""
    draw, frames = generator(seed), 8 * SHOWN
    said = normalize(torch.randn(SHOWN + ABSENT, WIDTH, generator=draw), dim=-1)
    scene = normalize(torch.randn(WIDTH, generator=draw), dim=0)
    x = scene + normalize(torch.randn(frames, WIDTH, generator=draw), dim=-1)
    for k in range(SHOWN):
        x[8 * k + 1 : 8 * k + 7] += said[k]
    tokens = Tokens.from_grid(x[:, None, None], torch.arange(frames) * STEP_S, space="conse")
    return tokens, [Query(f"line {i}", v, v[None], ("line",), "conse") for i, v in enumerate(said)]


def alignment(head: SentenceQueries, films: int = 8) -> dict[str, float]:
    """How often a time is right, and a shown sentence more alignable than an absent one."""
    right, ranked = [], []
    for seed in range(films):
        found = head.align(*narrated(seed))
        frame = (found.times_s[:SHOWN] / STEP_S).long() - 8 * torch.arange(SHOWN)
        right.append(((frame >= 1) & (frame < 7)).float().mean())
        shown, absent = found.alignability.split([SHOWN, ABSENT])
        ranked.append((shown[:, None] > absent).float().mean())
    return {
        "aligned_share": torch.stack(right).mean().item(),
        "alignable_auc": torch.stack(ranked).mean().item(),
    }


def demo(film: Path, query: str) -> Demo:
    """What the question finds in the film, and how made narrations are aligned."""
    head = trained()
    return answered(head, "sentence_queries", film, query, **alignment(head))
