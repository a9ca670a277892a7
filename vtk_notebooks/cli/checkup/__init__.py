"""Checkup: everything that `vtk-notebooks doctor` looks at, one file a group."""

from vtk_notebooks.cli.checkup.decoders import decoders, films
from vtk_notebooks.cli.checkup.finding import Finding as Finding
from vtk_notebooks.cli.checkup.finding import Look, look
from vtk_notebooks.cli.checkup.machine import device, memory, store
from vtk_notebooks.cli.checkup.notebooks import browser, node, widgets
from vtk_notebooks.cli.checkup.packages import packages
from vtk_notebooks.cli.checkup.weights import weights

LOOKS: tuple[Look, ...] = (
    packages, memory, device, decoders, films, weights, widgets, browser, node, store,
)  # fmt: skip


def checkup() -> list[Finding]:
    """What all looks found, in order."""
    return [finding for at in LOOKS for finding in look(at.__name__, at)]
