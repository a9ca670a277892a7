"""VDI at work: what a film shows and how it changes, beside the parts of a question that say so."""

from pathlib import Path

import torch
from torch import Tensor

from vtk_notebooks.blocks.grounding.batch import frame_means
from vtk_notebooks.encoders.conse import ConSE
from vtk_notebooks.heads.univtg import UniVTG
from vtk_notebooks.objectives.dynamic_injection import DynamicInjection, split_words
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.papers.heads._planted import beside_blind
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("objective:dynamic_injection",)
TESTS = ("tests/objectives/test_dynamic_injection.py", "tests/papers/heads/test_vdi.py")
DIFFERS = (
    "Formulas are ours, since only the abstract could be read; the losses stand beside those of "
    "UniVTG, on made films with a planted moment, whose sentences are not split. ConSE reads films "
    "and words, so a verb has only the place that MiniLM gives it."
)


def demo(film: Path, query: str) -> Demo:
    """What a head finds that learned with it; words of the question; the term of a still film."""
    static, dynamic = split_words(ConSE().read(query).tokens)
    head = UniVTG("conse_vdi")
    done = run(Recipe((Part("conse"),), head=Part("univtg", {"file": head.file})), film, query)
    frames = frame_means(done.stages[0].tokens, "conse")
    return demo_of(
        done,
        **beside_blind(head),
        static_words=float(len(static)),
        dynamic_words=float(len(dynamic)),
        dynamics=dynamics(frames),
        dynamics_still=dynamics(frames[:1].expand_as(frames)),
    )


def dynamics(frames: Tensor) -> float:
    """The dynamic term of both halves of a film, each told from the other by its own change."""
    half = len(frames) // 2
    video = torch.stack([frames[:half], frames[half : 2 * half]])
    inside = torch.ones(video.shape[:2], dtype=torch.bool)
    said = video.diff(dim=1).abs().mean(1)
    return DynamicInjection()(video, inside, said, said)["dynamics"].item()
