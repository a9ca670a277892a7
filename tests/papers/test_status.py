"""Status follows from files and the registry; nobody declares it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from vtk_notebooks import registry
from vtk_notebooks.errors import UnknownNameError
from vtk_notebooks.papers import missing, papers, status, status_of, working

ROOT = Path(__file__).resolve().parents[2]
WORKING = working()


def paper_file(**changes: object) -> SimpleNamespace:
    """Stands in for a paper's file."""
    file = {"MECHANISMS": ("compressor:uniform",), "TESTS": ("tests/test_it.py",)} | changes
    return SimpleNamespace(**file)


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A checkout with one test file, in which vtg_llm has the given file."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text("")
    card = SimpleNamespace(mechanisms=("compressor:uniform",), family="timecodecs")
    monkeypatch.setattr(status, "checkout", lambda: tmp_path)
    monkeypatch.setattr(status, "paper", lambda key: card)

    def pretend(**changes: object) -> Path:
        monkeypatch.setattr(status, "paper_file", lambda key: paper_file(**changes))
        return tmp_path

    return pretend


def test_what_works_today():
    assert {"grounded_videollm", "lita", "timesuite", "univtg"} <= set(WORKING)


def test_a_paper_without_a_file_is_planned():
    assert status_of("phenaki") == "planned"
    assert "vtk_notebooks/papers/generation/phenaki.py" in missing("phenaki")


def test_file_tests_and_mechanisms_make_a_paper_work(pretend):
    pretend()
    assert missing("vtg_llm") == ()
    assert status_of("vtg_llm") == "working"


def test_a_missing_test_file_makes_it_planned(pretend):
    root = pretend()
    (root / "tests" / "test_it.py").unlink()
    assert missing("vtg_llm") == ("tests/test_it.py",)
    assert status_of("vtg_llm") == "planned"


def test_a_working_paper_turns_planned_where_its_tests_are_gone(monkeypatch, tmp_path):
    assert status_of("timesuite") == "working"
    monkeypatch.setattr(status, "checkout", lambda: tmp_path)
    assert status_of("timesuite") == "planned"


def test_a_file_that_names_no_test_is_planned(pretend):
    pretend(TESTS=())
    assert status_of("vtg_llm") == "planned"


def test_a_mechanism_that_is_not_registered_makes_it_planned(pretend):
    pretend(MECHANISMS=("compressor:uniform", "compressor:nobody"))
    assert missing("vtg_llm") == ("compressor:nobody",)
    assert status_of("vtg_llm") == "planned"


def test_a_file_cannot_leave_out_what_its_card_asks_for(pretend, monkeypatch):
    pretend()
    card = SimpleNamespace(mechanisms=("compressor:uniform", "mixer:nobody"))
    monkeypatch.setattr(status, "paper", lambda key: card)
    assert missing("vtg_llm") == ("mixer:nobody",)


def test_an_installed_package_has_no_tests_to_look_for(pretend, monkeypatch):
    pretend(TESTS=("tests/that_only_a_checkout_has.py",))
    assert status_of("vtg_llm") == "planned"
    monkeypatch.setattr(status, "checkout", lambda: None)
    assert status_of("vtg_llm") == "working"


def test_tests_are_looked_for_in_this_checkout():
    assert status.checkout() == ROOT


def test_status_of_an_unknown_paper_is_an_error():
    with pytest.raises(UnknownNameError, match="lita"):
        status_of("litta")


@pytest.mark.parametrize("key", WORKING)
def test_a_working_paper_names_registered_mechanisms_and_real_tests(key: str):
    file = status.paper_file(key)
    assert file is not None
    assert set(papers()[key].mechanisms) <= set(file.MECHANISMS)
    for name in file.MECHANISMS:
        kind, _, stem = name.partition(":")
        assert key in registry.card(kind, stem).atlas
    assert file.TESTS
    assert all((ROOT / test).is_file() for test in file.TESTS)
    assert len(file.DIFFERS) > 40
    assert callable(file.demo)


def test_every_file_beside_the_machinery_is_a_paper():
    folder = ROOT / "vtk_notebooks" / "papers"
    files = {p.stem for p in folder.glob("*/[!_]*.py")}
    assert files == {key for key in papers() if status.paper_file(key)}
