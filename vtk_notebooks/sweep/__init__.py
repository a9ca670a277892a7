"""Sweeps: recipes over films and questions, with paired statistics and a report."""

from vtk_notebooks.sweep.ablation import ablate as ablate
from vtk_notebooks.sweep.asked import asked_by as asked_by
from vtk_notebooks.sweep.question import Question as Question
from vtk_notebooks.sweep.result import Sweep as Sweep
from vtk_notebooks.sweep.result import Verdict as Verdict
from vtk_notebooks.sweep.row import Row as Row
