"""Curve: how training went, from its log."""

import json
from pathlib import Path
from typing import Any

from vtk_notebooks.atomic import replacing

SHOWN = {
    "seeing": ("there", "colour", "form", "motion", "ground"),
    "speaking": ("words", "time"),
}
"""Losses on the curve, stage by stage."""


def curve(log: Path) -> Any:
    """A matplotlib figure: every loss against the step, a panel for each stage.

    Args:
        log: log.jsonl of `train`; cycles of one stage follow each other.
    """
    from matplotlib.figure import Figure

    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    figure = Figure(figsize=(7.2, 2.6), layout="constrained")
    panels = figure.subplots(1, len(SHOWN))
    for panel, (stage, losses) in zip(panels, SHOWN.items(), strict=True):
        rows = [line for line in lines if line["stage"] == stage]
        steps, ends = list[int](), 0
        for before, row in zip([None, *rows], rows, strict=False):
            if before and row["step"] < before["step"]:
                ends += before["step"] + 1
            steps.append(ends + row["step"])
        for name in losses:
            panel.plot(steps, [row.get(name) for row in rows], label=name, linewidth=1)
        panel.set(title=stage, xlabel="step", ylabel="loss (nats)", yscale="log")
        panel.legend(frameon=False, fontsize=7, loc="upper right")
        panel.spines[["top", "right"]].set_visible(False)
    return figure


def kept_curve(log: Path, file: Path) -> Path:
    """Write the figure; its ending says how."""
    with replacing(file) as part:
        curve(log).savefig(part, metadata={"Date": None} if file.suffix == ".svg" else None)
    return file
