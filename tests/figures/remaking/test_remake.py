import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vtk_notebooks.errors import StoreError, UnknownNameError, VtkError
from vtk_notebooks.figures import (
    figure,
    provenance,
    read_provenance,
    remake,
    save,
    teaser,
    timelines,
    word_time,
)
from vtk_notebooks.moment import Moment
from vtk_notebooks.part import Part
from vtk_notebooks.protocols import Encoder
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.saved import save_run
from vtk_notebooks.store import Store
from vtk_notebooks.video import make_film, write_film

FORMATS = ("pdf", "svg", "png")
TRUTH = [Moment(1.0, 2.0, text="a hat")]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def film(tmp_path, monkeypatch):
    """Of three seconds, in a folder below the one we work in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "films").mkdir()
    made = make_film(3, duration_s=3.0, size=(64, 48), frame_rate_hz=8)
    return write_film(made, tmp_path / "films" / "made.mp4")


@pytest.fixture
def recipe(reader):
    return Recipe(encoders=reader, stages=Part("uniform", {"keep": 0.5}), frames=4)


def forged(path, change) -> Path:
    """The same figure with another record inside."""
    record = read_provenance(path)
    change(record)
    out = path.with_name(f"forged{path.suffix}")
    out.write_bytes(provenance.rendered(figure(30.0, 20.0), path.suffix[1:], record))
    return out


@pytest.mark.parametrize("kind", FORMATS)
def test_a_figure_of_a_run_comes_back_byte_for_byte(film, recipe, store, tmp_path, kind):
    done = run(recipe, film, "a hat", store=store)
    path = save(teaser(done, TRUTH, frames=3), tmp_path / f"a.{kind}", command="mine")
    again = remake(path, tmp_path / f"b.{kind}", store=Store(tmp_path / "empty"))  # from the film
    assert again.same
    assert again.path.read_bytes() == path.read_bytes()
    assert "byte for byte" in str(again)


def test_a_saved_run_needs_no_film(film, recipe, store, tmp_path):
    done = run(recipe, film, "a hat", store=store)
    save_run(done, store)
    path = save(teaser(done), tmp_path / "a.pdf")
    film.unlink()
    assert remake(path, tmp_path / "b.pdf", store=store).same


def test_a_missing_film_says_where_it_was_and_may_be_elsewhere(film, recipe, store, tmp_path):
    path = save(teaser(run(recipe, film, "a hat", store=store)), tmp_path / "a.png")
    moved = tmp_path / "else" / "other name.mp4"
    moved.parent.mkdir()
    film.rename(moved)
    with pytest.raises(StoreError, match=r"it was at films/made\.mp4.*--films FOLDER"):
        remake(path, tmp_path / "b.png", store=store)
    for renamed in (False, True):  # a file of any name, or the folder of one with the old name
        where = moved.rename(moved.with_name("made.mp4")).parent if renamed else moved
        again = remake(path, tmp_path / "b.png", store=store, films=[where])
        assert (again.same, again.same_picture) == (False, True)
        assert "place: was films/made.mp4, is else/" in str(again)


def test_another_film_of_that_name_is_not_taken_for_it(film, recipe, store, tmp_path):
    path = save(teaser(run(recipe, film, "a hat", store=store)), tmp_path / "a.png")
    film.write_bytes(film.read_bytes() + b"\0")
    with pytest.raises(StoreError, match="the film with sha256"):
        remake(path, tmp_path / "b.png", store=store)


def test_a_place_outside_the_working_folder_does_not_travel(film, recipe, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    path = save(teaser(run(recipe, film, "a hat")), tmp_path / "here" / "a.svg")
    assert str(tmp_path) not in path.read_text()
    assert read_provenance(path)["runs"][0]["film"]["place"] == ""
    with pytest.raises(StoreError, match="outside the working folder"):
        remake(path, tmp_path / "b.svg")


@pytest.mark.parametrize("kind", FORMATS)
def test_other_versions_are_said_and_the_picture_is_still_the_same(
    film, recipe, store, tmp_path, monkeypatch, kind
):
    path = save(teaser(run(recipe, film, "a hat", store=store)), tmp_path / f"a.{kind}")
    monkeypatch.setattr("vtk_notebooks.figures.provenance.__version__", "9.9")
    again = remake(path, tmp_path / f"b.{kind}", store=store)
    assert (again.same, again.same_picture) == (False, True)
    [change] = again.changes
    assert change.startswith("made_by: was vtk-notebooks 0")
    assert "is vtk-notebooks 9.9" in change


def test_other_weights_are_said_and_so_is_another_picture(
    film, recipe, store, tmp_path, monkeypatch, reader
):
    path = save(teaser(run(recipe, film, "a hat", store=store)), tmp_path / "a.png")
    encoder: Any = type(Part(reader, kind="encoder").build())
    monkeypatch.setattr(encoder, "weights", lambda self: "other weights")
    monkeypatch.setattr(encoder, "vector", -1.0)
    again = remake(path, tmp_path / "b.png", store=store)
    assert not again.same_picture
    assert any("weights.0: was made here, is other weights" in c for c in again.changes)
    assert any(".address: was" in c for c in again.changes)


def test_another_format_is_made_and_held_against_the_old_one(film, recipe, store, tmp_path):
    path = save(teaser(run(recipe, film, "a hat", store=store)), tmp_path / "a.png")
    again = remake(path, tmp_path / "b.pdf", store=store)
    assert again.same
    assert again.path.read_bytes().startswith(b"%PDF")
    with pytest.raises(StoreError, match=r"\.pdf, \.svg or \.png"):
        remake(path, tmp_path / "b.gif", store=store)


def test_what_no_file_can_carry_is_said(make_run, merged, tmp_path):
    fig = timelines({"ours": TRUTH}, TRUTH)
    fig.drawing.arguments["clip"] = Encoder
    path = save(fig, tmp_path / "a.pdf")
    with pytest.raises(StoreError, match=r"says how it was drawn.*--explain"):
        remake(path, tmp_path / "b.pdf")
    plain = save(figure(30.0, 20.0), tmp_path / "c.pdf")
    with pytest.raises(StoreError, match="not drawn by one of ours"):
        remake(plain, tmp_path / "b.pdf")
    assert not (tmp_path / "b.pdf").exists()


def set_argument(name, value):
    return lambda record: record["drawing"]["arguments"].__setitem__(name, value)


ARRAY = {"dtype": "uint8", "shape": [2**40], "zlib": ""}
HOSTILE = {
    "another function": lambda r: r["drawing"].update(figure="__import__"),
    "a module": lambda r: r["drawing"].update(figure="os.system"),
    "no arguments": lambda r: r["drawing"].update(arguments=["x"]),
    "an argument of its own": set_argument("shell", "rm"),
    "a class of its own": set_argument("truth", {"Popen": {"args": "ls"}}),
    "a field of its own": set_argument("truth", {"Moment": {"start_s": 0, "end_s": 1, "x": 1}}),
    "an impossible moment": set_argument(
        "truth", {"list": [{"Moment": {"start_s": 9, "end_s": 1}}]}
    ),
    "half a moment": set_argument("truth", {"list": [{"Moment": {"start_s": 9}}]}),
    "a bomb": set_argument("clip", {"array": ARRAY}),
    "a strange array": set_argument("clip", {"array": {**ARRAY, "dtype": "object"}}),
    "a text for a width": set_argument("width_mm", "wide"),
    "a huge width": set_argument("width_mm", 1e9),
    "a run that is not there": set_argument("clip", {"run": 7}),
    "a score that is none": set_argument(
        "width_mm", {"Estimate": {"value": "x", "n": 1, "interval": {"tuple": [0, 1]}}}
    ),
    "half a head": set_argument("clip", {"Grounding": {"spans": 1}}),
    "a bare list": set_argument("truth", [1]),
    "no runs": lambda r: r.update(runs="x"),
    "half a run": lambda r: r.update(runs=[{"address": "../../x"}]),
    "a recipe of its own": lambda r: r.update(
        runs=[{"film": {}, "recipe": {"encoders": ["os.system"]}, "query": "x"}]
    ),
    "a film above": lambda r: r.update(
        runs=[
            {
                "film": {"name": "../../etc/passwd", "sha256": "00", "place": "/etc/passwd"},
                "recipe": Recipe().as_dict(),
            }
        ]
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_record_that_somebody_changed_is_refused(tmp_path, name):
    path = save(timelines({"ours": TRUTH}, TRUTH, 5.0), tmp_path / "a.png")
    with pytest.raises(VtkError):
        remake(forged(path, HOSTILE[name]), tmp_path / "b.png", store=Store(tmp_path / "s"))
    assert not (tmp_path / "b.png").exists()


def test_an_unknown_figure_is_answered_with_the_nearest(tmp_path):
    path = save(timelines({"ours": TRUTH}, TRUTH, 5.0), tmp_path / "a.png")
    other = forged(path, lambda r: r["drawing"].update(figure="timeliness"))
    with pytest.raises(UnknownNameError, match="Did you mean 'timelines'"):
        remake(other, tmp_path / "b.png")


def test_the_record_is_plain_json_without_code(looks, clip, tmp_path):
    path = save(word_time(looks, clip), tmp_path / "a.pdf")
    drawing = read_provenance(path)["drawing"]
    assert drawing["figure"] == "word_time"
    assert set(drawing["arguments"]) == {"looks", "clip"}
    assert json.loads(json.dumps(drawing)) == drawing
    assert np.prod(drawing["arguments"]["clip"]["Clip"]["frames"]["array"]["shape"]) > 0
