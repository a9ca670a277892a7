"""Objectives: what training minimises. They take tensors and know no model."""

from vtk_notebooks.objectives.univtg import UniVTGLoss as UniVTGLoss
