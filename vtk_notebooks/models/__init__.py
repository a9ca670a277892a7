"""Doors to the real weights that ship inside packages: find, check, convert once, load once."""

from vtk_notebooks.models.loading import unload as unload
