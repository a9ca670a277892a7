"""Objectives: what training minimises. They take tensors and know no model."""

from vtk_notebooks.objectives.masked_video import MaskedVideoLoss as MaskedVideoLoss
from vtk_notebooks.objectives.univtg import UniVTGLoss as UniVTGLoss
