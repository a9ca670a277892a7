import os
import pickle
import signal
import subprocess
import sys
import time
from threading import Event

import pytest

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.part import Part
from vtk_notebooks.sweep import Question, ablate
from vtk_notebooks.sweep.ablation import named_recipes

RED = Question("red", (Moment(1.5, 3.0),))


def chain(recipe, keep=0.9, last=0.9):
    """Five stages; the fourth may be toggled."""
    stages = [Part("random_tokens", {"keep": k}) for k in (0.95, 0.92, 0.9, keep, last)]
    return recipe.with_("stages", stages)


def without_seconds(sweep):
    names = ("tokens", "kept", "feature_mb", "score", "iou")
    return [
        (r.recipe, r.film, r.query, r.moments, r.error, {n: r.numbers.get(n) for n in names})
        for r in sweep.rows
    ]


def test_every_recipe_answers_every_question_about_every_film(recipe, films, store):
    recipes = recipe.with_("stages", ["uniform"]).vary({"stages.0.keep": [1.0, 0.5]})
    sweep = ablate(recipes, films, ["red", "a hat"], store=store)
    assert sweep.finished
    assert [(r.film, r.recipe, r.query) for r in sweep.rows[:4]] == [
        ("one", "uniform keep=1", "red"),
        ("one", "uniform keep=1", "a hat"),
        ("one", "uniform keep=0.5", "red"),
        ("one", "uniform keep=0.5", "a hat"),
    ]
    assert len(sweep.rows) == 4 * 2 * 2
    assert {r.numbers["tokens"] for r in sweep.rows} == {48, 24}
    assert sweep.reference == "uniform keep=1"


def test_a_known_truth_is_met(recipe, films, store):
    [row] = ablate(recipe, films[0], RED, store=store).rows
    assert row.numbers["iou"] == 1.0
    [late] = ablate(recipe, films[0], Question("red", (Moment(3.0, 4.0),)), store=store).rows
    assert late.numbers["iou"] == 0.0  # another truth asks for no new run
    assert late.computed == 0


def test_toggling_one_compressor_over_twenty_films_runs_only_what_follows_it(
    recipe, film, store, stand_in, monkeypatch
):
    from vtk_notebooks.compressors import RandomTokens

    ran, real = [], RandomTokens.__call__

    def counted(self, tokens, query=None):
        ran.append(self.keep)
        return real(self, tokens, query)

    monkeypatch.setattr(RandomTokens, "__call__", counted)
    films = [film(f"film-{k}") for k in range(20)]
    first = ablate(chain(recipe), films, "red", store=store)
    assert (first.computed, first.reused) == (6 * 20, 0)
    assert len(ran) == 5 * 20
    ran.clear()
    toggled = ablate(chain(recipe, keep=0.5), films, "red", store=store)
    assert (toggled.computed, toggled.reused) == (2 * 20, 4 * 20)
    assert ran == [0.5, 0.9] * 20  # the fourth of five, and the one behind it
    ran.clear()
    last = ablate(chain(recipe, last=0.5), films, "red", store=store)
    assert (last.computed, last.reused) == (20, 5 * 20)
    assert ran == [0.5] * 20
    assert len(stand_in()) == 20  # no film was encoded twice


def test_a_second_sweep_of_a_grid_computes_nothing(recipe, films, store, stand_in):
    changes = {"stages.3.keep": [0.9, 0.7, 0.5], "stages.4.keep": [0.8, 0.6, 0.4, 0.2]}
    grid = chain(recipe).vary(changes)
    first = ablate(grid, films[:2], RED, store=store)
    assert len(grid) == 12
    assert first.computed == 2 * (4 + 3 + 12)  # shared beginnings are computed once
    again = ablate(grid, films[:2], RED, store=store)
    assert again.computed == 0 < 0.05 * first.computed
    assert again.reused == 2 * 12 * 6
    assert without_seconds(again) == without_seconds(first)
    assert [r.numbers for r in again.rows] == [r.numbers for r in first.rows]
    assert len(stand_in()) == 2


def test_a_cancelled_sweep_gives_what_it_has_and_goes_on_later(recipe, films, store, stand_in):
    stop, seen = Event(), []

    def progress(what, done, total):
        seen.append((what, done, total))
        if done == 2:
            stop.set()

    part = ablate(chain(recipe), films, "red", store=store, progress=progress, cancel=stop)
    assert not part.finished
    assert [r.film for r in part.rows] == ["one", "two"]
    assert seen == [("rows", 1, 4), ("rows", 2, 4)]
    rest = ablate(chain(recipe), films, "red", store=store)
    assert rest.finished
    assert rest.computed == 2 * 6
    assert stand_in() == ["one", "two", "three", "four"]


def test_an_interrupt_in_the_middle_of_a_film_keeps_its_stages(recipe, films, store, monkeypatch):
    from vtk_notebooks.compressors import RandomTokens

    made, real = [], RandomTokens.__call__

    def interrupted(self, tokens, query=None):
        made.append(1)
        if len(made) == 8:  # the third of five stages of the second film
            raise KeyboardInterrupt
        return real(self, tokens, query)

    monkeypatch.setattr(RandomTokens, "__call__", interrupted)
    part = ablate(chain(recipe), films, "red", store=store)
    assert [r.film for r in part.rows] == ["one"]
    rest = ablate(chain(recipe), films, "red", store=store)
    assert rest.finished
    assert rest.computed == (6 - 3) + 2 * 6


def test_one_bad_film_is_rows_with_an_error_that_are_tried_again(recipe, film, store, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"this is no film")
    films = [film("one"), film("bad"), broken, tmp_path / "missing.mp4", film("two")]
    sweep = ablate([recipe, chain(recipe)], films, "red", store=store)
    assert sweep.finished
    errors = {(r.film, r.recipe): r.error for r in sweep.errors}
    bad = ("bad", "broken.mp4", "missing.mp4")
    assert set(errors) == {(f, r) for f in bad for r in sweep.recipes}
    assert "RuntimeError: a film <that> cannot be read" in errors["bad", "all tokens"]
    assert "missing.mp4" in errors["missing.mp4", "all tokens"]
    assert all(m.n == 2 for m in sweep.means().values())
    again = ablate([recipe, chain(recipe)], films, "red", store=store)
    assert len(again.errors) == 6
    assert again.computed == 0


def test_a_film_with_its_own_questions_is_asked_those(recipe, films, store):
    asked = {"a": "red", "b": [RED, "green"]}
    sweep = ablate(recipe, {"a": films[0], "b": films[1]}, asked, store=store)
    assert [(r.film, r.query) for r in sweep.rows] == [("a", "red"), ("b", "red"), ("b", "green")]
    with pytest.raises(UnknownNameError, match="Did you mean 'beach'"):
        ablate(recipe, {"beach": films[0]}, {"beech": "red"}, store=store)
    with pytest.raises(VtkError, match="none for 'b'"):
        ablate(recipe, {"a": films[0], "b": films[1]}, {"a": "red"}, store=store)


def test_equal_names_are_told_apart(recipe, film, store):
    sweep = ablate(recipe.vary({"seed": [0, 1]}), [film("x"), film("x", 1, 4)], "red", store=store)
    assert {r.film for r in sweep.rows} == {"x", "x (2)"}
    assert list(sweep.recipes) == ["all tokens", "all tokens, seed=1"]
    assert list(named_recipes([recipe])) == ["all tokens"]


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"recipes": []}, "recipes"),
        ({"films": []}, "films"),
        ({"queries": []}, "questions"),
        ({"queries": ["red", "red"]}, "twice"),
        ({"queries": " "}, "text"),
        ({"workers": 0}, "worker"),
        ({"reference": "al tokens"}, "Did you mean 'all tokens'"),
    ],
)
def test_what_is_impossible_is_refused_before_anything_is_computed(
    recipe, films, store, stand_in, more, what
):
    given = {"recipes": recipe, "films": films, "queries": "red", "store": store, **more}
    with pytest.raises(VtkError, match=what):
        ablate(given.pop("recipes"), given.pop("films"), given.pop("queries"), **given)
    twice = [recipe, recipe.with_("name", "again")]
    with pytest.raises(VtkError, match="twice"):
        ablate(twice, films, "red", store=store)
    with pytest.raises(VtkError, match="keep"):
        ablate(recipe.with_("stages", [Part("uniform", {"keep": 7.0})]), films, "red", store=store)
    assert stand_in() == []


KILLED = """
import pickle
import sys
import sweep_stand_in
from vtk_notebooks import ablate

with open(sys.argv[1], "rb") as file:
    ablate(*pickle.load(file), store=pickle.load(file))
"""


def test_a_sweep_that_is_killed_loses_at_most_the_film_in_flight(
    tmp_path, stand_in, recipe, films, store
):
    script, job = tmp_path / "killed.py", tmp_path / "job.pickle"
    script.write_text(KILLED)
    job.write_bytes(pickle.dumps((recipe, films, "red")) + pickle.dumps(store))
    path = os.pathsep.join([str(tmp_path / "code"), *sys.path])
    env = {**os.environ, "PYTHONPATH": path, "SWEEP_HANGS_AT": "three"}
    sweep = subprocess.Popen([sys.executable, str(script), str(job)], env=env)
    until = time.monotonic() + 60
    while len(stand_in()) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    sweep.kill()
    assert sweep.wait() == -signal.SIGKILL
    assert stand_in() == ["one", "two", "three"]  # it was looking at the third
    assert not list(store.root.rglob("*.part"))
    rest = ablate(recipe, films, "red", store=store)
    assert stand_in() == ["one", "two", "three", "three", "four"]
    assert (rest.computed, rest.reused) == (2, 2)
