"""Recipes: which mechanisms, in which order, with which numbers; and their form on disk."""

from vtk_notebooks.recipe.migrations import SCHEMA as SCHEMA
from vtk_notebooks.recipe.recipe import DESIGNS as DESIGNS
from vtk_notebooks.recipe.recipe import Path as Path
from vtk_notebooks.recipe.recipe import Recipe as Recipe
