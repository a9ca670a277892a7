"""Parameters: what a control needs to know is read off the mechanism, never written twice."""

import pytest

from vtk_notebooks import names
from vtk_notebooks.errors import RecipeError, UnknownNameError
from vtk_notebooks.registry import build
from vtk_notebooks.sweep.parameters import KINDS, parameters


def of(kind, name):
    return {p.name: p for p in parameters(kind, name)}


def test_a_number_has_the_range_that_its_mechanism_takes():
    keep = of("compressor", "bipartite_merge")["keep"]
    assert (keep.kind, keep.default, keep.low, keep.high) == ("number", 0.25, 0.0, 1.0)
    assert keep.meaning.startswith("part of the tokens that is left")


def test_a_whole_number_may_have_one_end_only():
    frames = of("compressor", "text_top_frames")["frames"]
    assert (frames.kind, frames.low, frames.high) == ("whole", 1, None)


def test_words_are_those_that_an_error_lists():
    scope = of("compressor", "bipartite_merge")["scope"]
    assert (scope.kind, scope.choices) == ("choice", ("frame", "clip"))


def test_what_may_be_missing_says_so():
    found = of("encoder", "dinov2")
    assert found["layer"].optional
    assert (found["layer"].low, found["layer"].high) == (1, 12)
    assert not found["patches"].optional


def test_switches_and_lists_are_told_apart():
    assert of("head", "best_span")["shots"].kind == "switch"
    assert of("compressor", "pool_3d")["kernel"].kind == "list"


@pytest.mark.parametrize("kind", ["encoder", "mixer", "compressor", "head", "timecodec"])
def test_every_mechanism_is_described_and_its_defaults_are_read_back(kind):
    for name in names(kind):
        for parameter in parameters(kind, name):
            assert parameter.kind in KINDS
            if parameter.default is not None:
                assert parameter.read(name, parameter.default) == parameter.default
            if parameter.choices:
                assert parameter.default in parameter.choices
            if parameter.low is not None and parameter.default is not None:
                assert parameter.low <= parameter.default


@pytest.mark.parametrize(
    ("name", "bad"), [("keep", "much"), ("keep", None), ("keep", True), ("protect", 1.5)]
)
def test_a_value_of_another_type_is_refused_by_the_name_of_its_field(name, bad):
    parameter = of("compressor", "bipartite_merge")[name]
    with pytest.raises(RecipeError, match=f"bipartite_merge: {name} expects a"):
        parameter.read("bipartite_merge", bad)


def test_a_whole_number_written_with_a_point_is_whole():
    assert of("compressor", "bipartite_merge")["protect"].read("it", 2.0) == 2


def test_an_unknown_name_knows_the_right_ones_even_from_another_process():
    import pickle

    with pytest.raises(UnknownNameError) as caught:
        build("compressor", "bipartite_merge", scope="film")
    assert caught.value.known == ("frame", "clip")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.known, str(again)) == (caught.value.known, str(caught.value))
