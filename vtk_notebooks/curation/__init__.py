"""Curation: films, and what people wrote about them, into data sets."""

from vtk_notebooks.curation.chapter_mining import ChapterMining as ChapterMining
from vtk_notebooks.curation.needle_insertion import NeedleInsertion as NeedleInsertion
from vtk_notebooks.curation.scene_tiling import SceneTiling as SceneTiling
