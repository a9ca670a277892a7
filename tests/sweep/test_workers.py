import os
from threading import Event

import pytest

from vtk_notebooks import registry
from vtk_notebooks.errors import VtkError
from vtk_notebooks.store import Store
from vtk_notebooks.sweep import ablate, workers
from vtk_notebooks.sweep.workers import own_modules


def test_processes_give_the_rows_of_one_and_outlive_the_film_that_kills_them(
    recipe, film, store, tmp_path, monkeypatch
):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setattr(workers, "_cores", lambda: 6)
    films = [film(n) for n in ("one", "two", "three")]
    shared = ablate(recipe, [*films, film("deadly")], "red", store=store, workers=2)
    assert os.environ["OMP_NUM_THREADS"] == "7"
    seen = [line.split() for line in (tmp_path / "log.txt").read_text().splitlines()]
    assert {threads for _, threads in seen} == {"3"}  # six cores, two workers
    assert [name for name, _ in seen].count("deadly") == 2
    assert shared.finished
    [lost] = shared.errors
    assert lost.film == "deadly"
    assert "died twice" in lost.error
    local = ablate(recipe, films, "red", store=Store(tmp_path / "other"))
    kept = [r for r in shared.rows if not r.error]
    assert [(r.film, r.moments) for r in kept] == [(r.film, r.moments) for r in local.rows]
    assert [r.numbers["score"] for r in kept] == [r.numbers["score"] for r in local.rows]


def test_a_cancel_reaches_the_workers_and_what_they_finished_is_kept(recipe, film, store, stand_in):
    stop = Event()
    films = [film(f"film-{k}") for k in range(12)]
    part = ablate(
        recipe, films, "red", store=store, workers=2, cancel=stop, progress=lambda *_: stop.set()
    )
    assert not part.finished
    assert not part.errors
    assert 1 <= len(part.rows) <= 6
    rest = ablate(recipe, films, "red", store=store)
    assert rest.finished
    seen = stand_in()
    assert set(seen) == {f"film-{k}" for k in range(12)}
    assert len(seen) <= 12 + 2  # again, at most those that each worker had in hand


def test_mechanisms_of_a_notebook_cannot_go_to_other_processes(recipe, monkeypatch):
    assert own_modules([recipe]) == ("sweep_stand_in",)
    monkeypatch.setattr(registry.maker("encoder", "sweep_reddish"), "__module__", "__main__")
    with pytest.raises(VtkError, match="file of its own"):
        own_modules([recipe])
