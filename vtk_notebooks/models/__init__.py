"""Doors to models: `load` for any of transformers, and the real weights that ship inside packages."""

from vtk_notebooks.models.door import load as load
from vtk_notebooks.models.loading import unload as unload
