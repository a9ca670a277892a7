import json

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.starters import starter_recipes
from vtk_notebooks.sweep import Question
from vtk_notebooks.sweep.spec import read_spec


def written(tmp_path, said, name="spec.json"):
    path = tmp_path / name
    path.write_text(said if isinstance(said, str) else json.dumps(said))
    return path


def test_json_and_toml_say_the_same(tmp_path):
    (tmp_path / "a.mp4").touch()
    said = {
        "base": "merge",
        "design": "one_at_a_time",
        "vary": {"stages.0.keep": [0.5], "frames": [8, 16]},
        "films": ["a.mp4"],
        "queries": [{"text": "a hat", "moments": [[1, 2.5]]}, "a dog"],
        "reference": "x",
    }
    toml = """
        base = "merge"
        design = "one_at_a_time"
        films = ["a.mp4"]
        queries = [{ text = "a hat", moments = [[1, 2.5]] }, "a dog"]
        reference = "x"
        [vary]
        "stages.0.keep" = [0.5]
        frames = [8, 16]
    """
    spec = read_spec(written(tmp_path, said))
    assert spec == read_spec(written(tmp_path, toml, "spec.toml"))
    assert spec.films == {"a.mp4": tmp_path / "a.mp4"}
    assert spec.queries == [Question("a hat", (Moment(1.0, 2.5),)), Question("a dog")]
    assert len(spec.recipes) == 4


def test_recipes_are_named_after_their_starters_or_as_they_are_called(tmp_path):
    (tmp_path / "mine.json").write_text(starter_recipes()["shuffle"].to_json())
    films = {"f": "x.mp4"}
    listed = read_spec(
        written(tmp_path, {"recipes": ["all", "mine.json"], "films": films, "queries": "q"})
    )
    labels = [r.label for r in listed.recipes if isinstance(r, Recipe)]
    assert labels == ["all", "token_shuffle group=4"]
    called = {"ours": {"stages": ["uniform"]}, "theirs": "merge"}
    spec = read_spec(
        written(tmp_path, {"recipes": called, "films": films, "queries": {"f": ["q", "r"]}})
    )
    assert list(spec.recipes) == ["ours", "theirs"]
    assert spec.queries == {"f": [Question("q"), Question("r")]}


GOOD = {"films": ["a.mp4"], "queries": "q"}


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("{", "JSON or TOML"),
        ([], "table"),
        ({**GOOD, "film": []}, "Did you mean 'films'"),
        ({"films": ["a.mp4"]}, "queries in the spec"),
        ({**GOOD, "base": "mrege"}, "Did you mean 'merge'"),
        ({**GOOD, "recipes": ["merge"], "vary": {}}, "either recipes"),
        ({**GOOD, "design": "gird"}, "Did you mean 'grid'"),
        ({**GOOD, "films": ["bike"]}, "'bikes'"),
        ({**GOOD, "queries": [1]}, "a question"),
        ({**GOOD, "queries": {"text": "q", "moment": []}}, "Did you mean 'moments'"),
        ({**GOOD, "queries": {"text": "q", "moments": [[2, 1]]}}, "start_s < end_s"),
        ({**GOOD, "queries": {"text": "q", "moments": [3]}}, "start_s, end_s"),
    ],
)
def test_what_is_wrong_in_a_spec_is_named(tmp_path, said, what):
    with pytest.raises(VtkError, match=what):
        read_spec(written(tmp_path, said))
