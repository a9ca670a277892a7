"""Heads: tokens and a question to moments."""

from vtk_notebooks.heads.best_span import BestSpan as BestSpan
from vtk_notebooks.heads.univtg import UniVTG as UniVTG
