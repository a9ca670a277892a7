import sys

import pytest

from vtk_notebooks import registry
from vtk_notebooks.compressors import Uniform
from vtk_notebooks.errors import UnknownNameError, VtkError


@pytest.fixture
def table(monkeypatch):
    """A registry that forgets what a test enters."""
    monkeypatch.setattr(registry, "_TABLE", dict(registry._TABLE))


def test_a_mechanism_is_built_by_kind_and_name_with_its_parameters():
    assert registry.build("compressor", "uniform", keep=0.5) == Uniform(0.5)
    assert registry.maker("compressor", "uniform") is Uniform


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'bipartite_merge'"):
        registry.build("compressor", "bipartit_merge")


def test_a_name_like_nothing_is_answered_with_all_there_are():
    with pytest.raises(UnknownNameError, match=r"Known: .*random_tokens.*uniform"):
        registry.build("compressor", "xyz")


def test_a_misspelt_parameter_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'keep'"):
        registry.build("compressor", "uniform", kepp=0.5)


def test_a_misspelt_kind_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'compressor'"):
        registry.names("compresor")


def test_a_card_says_whose_idea_it_is():
    card = registry.card("compressor", "bipartite_merge")
    assert (card.kind, card.name) == ("compressor", "bipartite_merge")
    assert (card.year, card.arxiv) == (2022, "2210.09461")


def test_parameters_come_with_their_defaults():
    assert registry.parameters("compressor", "uniform") == {"keep": 0.25, "axis": "frames"}


def test_a_plain_function_may_make_a_mechanism_too(table):
    @registry.register("compressor", "made_up", title="Made up", paper="baseline")
    def made_up(keep: float = 0.5) -> Uniform:
        return Uniform(keep)

    assert registry.parameters("compressor", "made_up") == {"keep": 0.5}
    assert registry.build("compressor", "made_up", keep=0.1) == Uniform(0.1)


def test_no_two_files_share_a_name_but_one_file_may_be_run_again(table):
    enter = registry.register("compressor", "uniform", title="Mine", paper="baseline")
    assert enter(Uniform) is Uniform  # as a notebook does that reloads its module
    stranger = type("Stranger", (), {"__module__": "somewhere.else"})
    with pytest.raises(VtkError, match="a free name"):
        enter(stranger)


def test_a_family_is_imported_when_its_first_member_is_asked_for(monkeypatch):
    for name in [n for n in sys.modules if n.startswith("vtk_notebooks.timecodecs")]:
        monkeypatch.delitem(sys.modules, name)
    assert "relative_tokens" in registry.names("timecodec")
    assert "vtk_notebooks.timecodecs.relative_tokens" in sys.modules


def test_a_family_that_has_not_moved_in_yet_is_empty(monkeypatch):
    monkeypatch.setattr(registry, "FAMILIES", {"schedule": "not_here_yet"})
    assert registry.names("schedule") == []
