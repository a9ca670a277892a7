"""Metrics: answers against the truth. Pure functions, and one thin class each."""

from vtk_notebooks.metrics.recall import Recall as Recall
