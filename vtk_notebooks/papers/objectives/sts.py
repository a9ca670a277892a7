"""STS at work: where a film moves and changes colour, in numbers, told again from its frames."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.objectives.appearance_statistics import AppearanceStatistics
from vtk_notebooks.objectives.motion_statistics import MotionStatistics
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.runs import counted
from vtk_notebooks.video import open_clip
from vtk_notebooks.video.flow import Flow

MECHANISMS = ("objective:motion_statistics", "objective:appearance_statistics")
TESTS = (
    "tests/objectives/test_motion_statistics.py",
    "tests/objectives/test_appearance_statistics.py",
    "tests/blocks/test_frame_parts.py",
    "tests/papers/objectives/test_sts.py",
)
DIFFERS = (
    "No video network is trained: two linear pretext heads learn from small grey differences and "
    "small pictures of one film's clips, each beside its mirror image, and losses are those on "
    "these clips. Clips have 5 frames instead of 16; flow is Farneback's, as video.flow has it."
)
CLIPS, FRAMES, SIDE, STEPS = 12, 5, 56, 150


def demo(film: Path, query: str) -> Demo:
    """The labels of the film's first clip, and the losses of the heads against those of a mean."""
    clip = open_clip(film).sample(CLIPS * FRAMES, short_side=SIDE)
    pieces = [clip.frames[i * FRAMES : (i + 1) * FRAMES] for i in range(CLIPS)]
    labels, features = zip(*(_told(f) for p in pieces for f in (p, p[:, :, ::-1])), strict=True)
    first = dict(zip(MotionStatistics().names, labels[0][0].tolist(), strict=True))
    out = {"grid_u_part": first["grid_u_part"], "grid_u_angle": first["grid_u_angle"]}
    for name, which, objective in (
        ("motion", 0, MotionStatistics()),
        ("appearance", 1, AppearanceStatistics()),
    ):
        x = torch.stack([f[which] for f in features])
        y = torch.from_numpy(np.stack([label[which] for label in labels])).float()
        losses = _fit(objective, x, y)
        out |= {f"{name}_labels": float(y.shape[1])}
        out |= {f"{name}_loss_of_mean": losses[0], f"{name}_loss": losses[1]}
    return Demo(out)


def _told(frames: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], tuple[Tensor, Tensor]]:
    """Labels of a clip, and small pictures of what moved in it and of what is seen."""
    frames = np.ascontiguousarray(frames)
    grey = frames.astype(float).mean(-1)
    flow = np.stack([Flow(levels=1, rounds=1)(a, b) for a, b in pairwise(grey)])
    labels = MotionStatistics().labels(flow), AppearanceStatistics().labels(frames)
    moved = torch.from_numpy(np.abs(np.diff(grey, axis=0)).mean(0)).float()[None, None]
    seen = torch.from_numpy(frames.astype(np.float32)).mean(0).movedim(-1, 0)[None]
    small = [torch.nn.functional.adaptive_avg_pool2d(x, 6).flatten() for x in (moved, seen)]
    return labels, (small[0], small[1])


def _fit(
    objective: MotionStatistics | AppearanceStatistics,
    x: Float[Tensor, "b c"],
    y: Float[Tensor, "b k"],
) -> tuple[float, float]:
    """Loss of the mean label and of a linear head after some steps, on the clips it learnt from."""
    x = (x - x.mean(0)) / (x.std(0) + 1e-6) / x.shape[1] ** 0.5
    head = torch.nn.Linear(x.shape[1], y.shape[1])
    torch.nn.init.zeros_(head.weight)
    with torch.no_grad():
        head.bias.copy_(y.mean(0))
    optimizer = torch.optim.Adam(head.parameters(), 0.05)
    losses = list[float]()
    for _ in counted(STEPS, "training"):
        loss = objective(head(x), y)["total"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses[0], losses[-1]
