"""A real Ray cluster on this machine: two workers, one of which is killed."""

import os
import signal
import sys
import threading
import time
from contextlib import nullcontext
from threading import Event

import pytest

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.store import Store
from vtk_notebooks.sweep import ablate, cluster

MEASURED = ("seconds", "encode_s", "compress_s", "peak_mb")
"""Time and memory are not the same twice."""

pytestmark = pytest.mark.filterwarnings("ignore:::ray", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def ray(tmp_path_factory):
    """Two cores' worth of cluster, whose own processes start without a parser of addresses."""
    ray = pytest.importorskip("ray")
    from vtk_notebooks.sweep.ray_session import ray_session

    shim = tmp_path_factory.mktemp("shim")
    (shim / "rfc3987_syntax.py").write_text("raise ImportError  # takes seconds in each of six\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(shim), *filter(None, sys.path)]))
        patch.setenv("VTK_STORE", str(tmp_path_factory.mktemp("far") / "store"))
        patch.delenv("RAY_ADDRESS", raising=False)
        with ray_session("", 2):
            yield ray


def told(rows):
    """What must be the same wherever it was computed."""
    return [
        (
            r.recipe,
            r.film,
            r.query,
            r.moments,
            r.error,
            {n: v for n, v in r.numbers.items() if n not in MEASURED and v == v},
        )
        for r in rows
    ]


def kill_who_writes(path):
    """A killer in the background: of the process whose number will stand in that file."""

    def wait():
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if path.exists() and (text := path.read_text()):
                return os.kill(int(text), signal.SIGKILL)
            time.sleep(0.05)
        return None

    killer = threading.Thread(target=wait)
    killer.start()
    return killer


def test_two_workers_of_which_one_is_killed_give_the_rows_of_one_process(
    ray, recipe, film, store, tmp_path
):
    victim = tmp_path / "victim"
    good = [film(n) for n in ("one", "two", f"once {victim}", "three", "four")]
    films = [*good[:2], film("deadly"), *good[2:], film("bad")]
    recipes = recipe.with_("stages", ["uniform"]).vary({"stages.0.keep": [1.0, 0.5]})
    killer = kill_who_writes(victim)
    seen = []
    swept = ablate(
        recipes, films, "red", store=store, workers=2, engine="ray",
        progress=lambda *step: seen.append(step),
    )  # fmt: skip
    killer.join()
    assert swept.finished
    assert seen[-1] == ("rows", 14, 14)
    errors = {r.film: r.error for r in swept.errors}
    assert errors.keys() == {"deadly", "bad"}
    assert "died three times" in errors["deadly"]
    assert "RuntimeError: a film <that>" in errors["bad"]
    local = ablate(recipes, good, "red", store=Store(tmp_path / "other"))
    assert told(r for r in swept.rows if not r.error) == told(local.rows)
    again = ablate(recipes, good, "red", store=store)
    assert again.computed == 0  # the workers wrote into the sweep's own store
    assert not list(store.root.glob(".shared-*"))


def test_workers_without_the_folder_send_rows_home_and_a_cancel_keeps_them(
    ray, recipe, film, store, tmp_path, monkeypatch
):
    monkeypatch.setattr(cluster, "_marked", lambda store: nullcontext("no such file"))
    films, stop = [film(f"film-{k}") for k in range(8)], Event()
    part = ablate(
        recipe, films, "red", store=store, workers=2, engine="ray",
        cancel=stop, progress=lambda *_: stop.set(),
    )  # fmt: skip
    assert not part.finished
    assert not part.errors
    assert part.rows
    assert len(list(store)) >= len(part.rows)
    assert all(address.startswith("row") for address in store)
    known = ablate(recipe, [f for f in films if f.origin.name in _films(part)], "red", store=store)
    assert known.computed == 0


def _films(sweep):
    return {row.film for row in sweep.rows}


def test_what_cannot_be_is_said_before_anything_is_computed(
    recipe, films, store, stand_in, monkeypatch
):
    with pytest.raises(UnknownNameError, match="Did you mean 'ray'"):
        ablate(recipe, films, "red", store=store, engine="rya")
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(VtkError, match=r"vtk-notebooks\[cluster\]"):
        ablate(recipe, films, "red", store=store, engine="ray")
    assert stand_in() == []
