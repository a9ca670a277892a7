"""Papers: the 115 systems of the atlas as cards, and a file for each one that works here.

A card (`cards/<family>.toml`) says whose idea it is; `<family>/<key>.py` makes it work:
MECHANISMS, TESTS, DIFFERS and a `demo`. Status follows from those files.
"""

from vtk_notebooks.papers.card import Paper as Paper
from vtk_notebooks.papers.card import paper as paper
from vtk_notebooks.papers.card import papers as papers
from vtk_notebooks.papers.demo import Demo as Demo
from vtk_notebooks.papers.demo import run_demo as run_demo
from vtk_notebooks.papers.status import missing as missing
from vtk_notebooks.papers.status import paper_file as paper_file
from vtk_notebooks.papers.status import status_of as status_of
from vtk_notebooks.papers.status import working as working
from vtk_notebooks.papers.table import atlas as atlas
from vtk_notebooks.papers.table import atlas_table as atlas_table
from vtk_notebooks.papers.table import families as families
