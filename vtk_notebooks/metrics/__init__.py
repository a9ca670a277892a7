"""Metrics: answers against the truth. Pure functions, and one thin class each.

Every class returns `Estimate`s by their published names and has an `example()`: a tiny case in
which everything is right.
"""

from vtk_notebooks.metrics.actions.localisation_map import LocalisationMap as LocalisationMap
from vtk_notebooks.metrics.actions.multilabel_map import MultilabelMap as MultilabelMap
from vtk_notebooks.metrics.moments.recall import Recall as Recall
from vtk_notebooks.metrics.questions.tempcompass import TempCompass as TempCompass
