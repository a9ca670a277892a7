"""A notebook is run for another film by its parameters, with papermill."""

import ast
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(
    [*FOLDER.glob("*.ipynb"), *FOLDER.glob("labs/*.ipynb"), *FOLDER.glob("figures/*.ipynb")]
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_notebook_has_one_cell_of_parameters_that_only_assigns(path):
    cells = nbformat.read(path, as_version=4).cells
    [cell] = [c for c in cells if "parameters" in c.metadata.get("tags", ())]
    before = [c for c in cells[: cells.index(cell)] if c.cell_type == "code"]
    assert all(
        isinstance(line, ast.Import | ast.ImportFrom)
        for c in before
        for line in ast.parse(c.source).body
    )
    for line in ast.parse(cell.source).body:
        assert isinstance(line, ast.Assign)
        assert [type(t) for t in line.targets] == [ast.Name]  # what papermill can read


@pytest.mark.weights
@pytest.mark.filterwarnings("ignore")  # of a kernel, and of papermill's own parts
def test_papermill_runs_the_start_notebook_for_another_film(tmp_path):
    papermill = pytest.importorskip("papermill")
    asked = {
        "film": "carphone",
        "question": "a man in a car",
        "truth": [],
        "frames": 8,
        "out": str(tmp_path / "made"),
    }
    start, left = FOLDER / "00_start_here.ipynb", tmp_path / "left.ipynb"
    known = papermill.inspect_notebook(str(start))
    assert known.keys() == asked.keys()
    papermill.execute_notebook(
        str(start), str(left), asked, cwd=str(tmp_path), progress_bar=False, log_output=False
    )
    assert "carphone_pristine" in (tmp_path / "made" / "table.csv").read_text() + left.read_text()
    assert (tmp_path / "made" / "figure.pdf").stat().st_size > 100
    [given] = [
        c.source
        for c in nbformat.read(left, as_version=4).cells
        if "injected-parameters" in c.metadata.get("tags", ())
    ]
    assert "a man in a car" in given
