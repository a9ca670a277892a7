"""`python -m vtk_notebooks` is `vtk-notebooks`."""

from vtk_notebooks.cli import main

main()
