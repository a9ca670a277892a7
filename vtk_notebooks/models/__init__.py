"""Doors to models: `load` for those of transformers, and real weights that ship in packages."""

from vtk_notebooks.models.door import load as load
from vtk_notebooks.models.loading import unload as unload
