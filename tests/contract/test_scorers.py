"""What every scorer promises: a name of its own, a file, a test, and words for its files."""

from pathlib import Path

import pytest

import vtk_notebooks.scoring
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.scoring import SCORERS, score

ROOT = Path(__file__).parents[2]
MACHINERY = {"__init__", "asked", "ends", "report", "scorer", "scorers"}
EVERY = pytest.mark.parametrize("name", SCORERS)


def test_one_file_is_one_scorer():
    files = {p.stem for p in Path(str(vtk_notebooks.scoring.__file__)).parent.glob("*.py")}
    assert files - MACHINERY == {name.replace("-", "_") for name in SCORERS}


@EVERY
def test_it_has_a_test_file_of_its_own(name):
    assert (ROOT / "tests" / "scoring" / f"test_{name.replace('-', '_')}.py").is_file()


@EVERY
def test_it_says_what_its_files_are(name):
    assert len(SCORERS[name].pred) > 10


@EVERY
@pytest.mark.parametrize("mode", ["strict", "upstream"])
def test_a_file_that_is_not_there_is_an_error_that_names_it(name, mode, tmp_path):
    pred, truth = tmp_path / "no-pred.json", tmp_path / "no-truth.json"
    with pytest.raises((VtkError, OSError), match=r"no-(pred|truth)\.json"):
        score(name, pred, truth, mode)


def test_an_unknown_format_or_mode_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="charades-sta"):
        score("charades", "p", "t")
    with pytest.raises(UnknownNameError, match="strict"):
        score("charades-sta", "p", "t", "strickt")
