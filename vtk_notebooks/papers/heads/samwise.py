"""SAMWISE at work: a tracker that began with the wrong thing turns to the one that is described."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from vtk_notebooks.arrays import generator
from vtk_notebooks.heads.conditional_masks import ConditionalMasks, Correct
from vtk_notebooks.objectives.mask_prediction import MaskPrediction
from vtk_notebooks.objectives.switch_detection import SwitchDetection
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import WIDTH, answered
from vtk_notebooks.runs import counted
from vtk_notebooks.training.planted_object import Shown, planted_object

MECHANISMS = (
    "head:conditional_masks",
    "objective:mask_prediction",
    "objective:switch_detection",
)
TESTS = (
    "tests/blocks/grounding/test_cross_modal_adapter.py",
    "tests/blocks/grounding/test_conditional_memory.py",
    "tests/heads/test_conditional_masks.py",
    "tests/objectives/test_mask_prediction.py",
    "tests/objectives/test_switch_detection.py",
    "tests/papers/heads/test_samwise.py",
)
DIFFERS = (
    "No SAM 2 and no RoBERTa: decoder and memory are stand-ins of a few weights on ConSE's cells, "
    "how far memory is believed is a setting, and an attended word stands for the verb. All learns "
    "for seconds on made tokens with exact masks; trackers that begin with the wrong thing, on "
    "purpose, teach the decision to turn."
)


def films(first: int, many: int) -> list[Shown]:
    """Made films whose tokens are as wide as ConSE's."""
    make = {"frames": 12, "side": 6, "size": 2, "width": WIDTH}
    return [planted_object(first + i, space="conse", **make) for i in range(many)]


def trained(many: int = 24, steps: int = 30, decisions: int = 150) -> ConditionalMasks:
    """A head for ConSE tokens that has seen masks of made films, and trackers gone astray.

    Args:
        many: films.
        steps: of training on masks.
        decisions: steps of training the decision alone, with all else as it has become.
    """
    head, made = ConditionalMasks.new("conse", WIDTH, seed=0), films(0, many)
    batch = head.collate([(f.tokens, f.query) for f in made])
    masks, astray = torch.stack([f.masks for f in made]), torch.stack([f.other[0] for f in made])
    kernel, draw = head.kernel.train(), generator(0)
    optimiser, loss = torch.optim.AdamW(kernel.parameters(), 2e-3), MaskPrediction(focal=1.0)
    for _ in counted(steps, "training"):
        rows = torch.randperm(many, generator=draw)[:8]
        aux, truth = kernel(*batch.take(rows)).aux, masks[rows].flatten(0, 1)
        both = [loss(aux[k].flatten(0, 1), truth)["total"] for k in ("mask_logits", "fresh_logits")]
        optimiser.zero_grad()
        torch.stack(both).sum().backward()
        optimiser.step()
    kernel.eval()
    with torch.no_grad():
        seen = [kernel(*batch, correct="never", begin=begin).aux for begin in (None, astray)]
    names = ("features", "mask_logits", "fresh_logits", "others", "judged")
    cells, tracked, fresh, others, known = (torch.cat([a[n] for a in seen]) for n in names)
    decision: Any = kernel.decision
    optimiser = torch.optim.AdamW(decision.parameters(), 3e-3)
    frames = [x.flatten(0, 1) for x in (cells, tracked, fresh)]
    for _ in range(decisions):
        logits = decision(*frames).view(others.shape)
        optimiser.zero_grad()
        SwitchDetection()(logits, others, known).backward()
        optimiser.step()
    return head


def mask_iou(
    head: ConditionalMasks, made: Sequence[Shown], correct: Correct, *, astray: bool = False
) -> float:
    """The mean over films of the IoU of masks while the thing is shown, but for its first frame.

    Args:
        head: that is asked.
        made: films.
        correct: who decides that its memory is corrected.
        astray: it is told to begin with the other thing.
    """
    ious = []
    for f in made:
        begin = f.other[0] if astray else None
        found = head.masks(f.tokens, f.query, correct=correct, begin=begin) > 0.5
        later = f.masks.flatten(1).any(1).nonzero().flatten()[1:]
        ours, true = found[later], f.masks[later]
        ious.append((ours & true).sum() / (ours | true).sum())
    return torch.stack(ious).mean().item()


def demo(film: Path, query: str) -> Demo:
    """What the question finds in the film, and how well trackers that went astray come back."""
    head, unseen = trained(), films(10_000, 12)
    found = {
        "mask_iou": mask_iou(head, unseen, "learned"),
        "astray_iou": mask_iou(head, unseen, "never", astray=True),
        "corrected_iou": mask_iou(head, unseen, "learned", astray=True),
    }
    return answered(head, "conditional_masks", film, query, **found)
