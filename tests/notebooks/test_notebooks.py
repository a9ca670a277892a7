"""Every notebook runs from top to bottom, on real films with real weights, and stays tidy."""

import os
from pathlib import Path

import nbformat
import pytest
from notebook_pages import NOTEBOOKS as FOLDER
from notebook_pages import run_one

NOTEBOOKS = sorted(FOLDER.rglob("*.ipynb"))
LEFT = ("start.html", "figure.pdf", "figure.png", "table.csv", "table.md")

MARKS = {"exercise": "Not answered yet.", "solution": "Right."}
"""What a lab says, by the tag of its cell, when nobody has touched it."""


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: p.stem)
def notebook(request):
    return request.param


@pytest.mark.weights
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_it_runs_from_top_to_bottom(notebook, tmp_path):
    """Where VTK_RAN names a folder, the site is made of what was run here."""
    kept = Path(os.environ.get("VTK_RAN") or tmp_path).absolute()
    out = run_one(notebook, kept)
    cells = nbformat.read(out / notebook.name, as_version=4)
    if notebook.stem == "00_start_here":
        for name in LEFT:
            assert (out / "made" / name).stat().st_size > 100, name
    if notebook.parent.name == "figures":
        made = sorted(p.name for p in (out / "made").glob(f"{notebook.stem.split('_')[0]}_*.*"))
        assert {Path(name).suffix for name in made} == {".pdf", ".png", ".svg"}, made
        assert len(made) >= 6
    for cell in cells.cells:
        wanted = [said for tag, said in MARKS.items() if tag in cell.metadata.get("tags", ())]
        assert all(said in shown(cell) for said in wanted), cell.source


def shown(cell) -> str:
    """The value that a cell ended with, as text."""
    return "\n".join(o.data.get("text/plain", "") for o in cell.outputs if "data" in o)


def test_it_is_committed_without_outputs(notebook):
    for cell in nbformat.read(notebook, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_its_cells_are_short_and_define_nothing(notebook):
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 15, cell.source
            assert "\ndef " not in f"\n{cell.source}", "put it into the library"


def test_every_exercise_of_a_lab_has_its_solution_behind_it_folded(notebook):
    cells = [c for c in nbformat.read(notebook, as_version=4).cells if c.cell_type == "code"]
    tags = [tag for c in cells for tag in c.metadata.get("tags", ()) if tag in MARKS]
    assert tags == ["exercise", "solution"] * (len(tags) // 2)
    assert bool(tags) == (notebook.parent.name == "labs")
    for cell in cells:
        if "solution" in cell.metadata.get("tags", ()):
            assert cell.metadata.jupyter.source_hidden


def test_the_file_says_what_a_reader_expects(notebook):
    first = nbformat.read(notebook, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
