"""Training: films with known moments in, weights out."""

from vtk_notebooks.training.fit import fit_head as fit_head
from vtk_notebooks.training.planted import Example as Example
from vtk_notebooks.training.planted import planted as planted
