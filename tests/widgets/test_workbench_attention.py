"""The workbench's attention tab: its model reads beside the kernel, and can be stopped."""

import asyncio
from threading import Event, get_ident

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models import door, load


@pytest.fixture(scope="module", autouse=True)
def _imported():
    """The first model of a process waits for transformers itself."""
    load("vtk-tiny")


@pytest.fixture
def slow(monkeypatch):
    """vtk-tiny, that is not loaded before `go`; and the threads it was loaded on."""
    threads, go = [], Event()

    def loaded(name, *, progress, cancel):
        threads.append(get_ident())
        progress("weights", 1, 4)
        while not go.wait(0.005):
            progress("weights", 2, 4)
            if cancel.is_set():
                break
        return load(name, progress=progress, cancel=cancel)

    monkeypatch.setattr(door, "load", loaded)
    return threads, go


@pytest.fixture
def opened(red, until):
    """`opened(session)` runs `session(bench)` in a kernel's loop, once there is an answer."""
    from vtk_widgets import Workbench

    def opened_(session):
        async def kernel():
            bench = Workbench.of(red.film(), "red", red.recipe(0.5), store=red.store)
            await bench.answered()
            try:
                await session(bench)
            finally:
                bench.close()

        asyncio.run(kernel())

    return opened_


def attention(bench):
    return next(tab for tab in bench.tabs if tab["key"] == "attention")


def test_the_kernel_stays_free_while_the_model_loads_and_reads(opened, slow, until):
    threads, go = slow

    async def session(bench):
        bench.tab = "attention"
        await until(lambda: bench.part == 0.25)
        assert (bench.busy, bench.step) == (True, "weights")
        assert (attention(bench)["widget"], attention(bench)["why"][:10]) == (None, "Being made")
        go.set()
        await bench.answered()
        explorer = attention(bench)["widget"]
        assert explorer.selection is bench.selection
        assert {"red"} < set(explorer.words)
        assert len(explorer.pane["times_s"]) == len(bench.run.clip)

    opened(session)
    assert len(threads) == 1
    assert get_ident() not in threads


def test_it_can_be_stopped_and_is_made_when_it_is_opened_again(opened, slow, until):
    threads, go = slow

    async def session(bench):
        bench.tab = "attention"
        await until(lambda: bench.part == 0.25)
        bench.stops += 1
        await bench.answered()
        assert attention(bench)["widget"] is None
        assert attention(bench)["why"].startswith("Stopped.")
        bench.renew_tabs()
        assert not bench.busy  # nothing starts what was stopped, but opening it
        go.set()
        bench.tab = "compare"
        bench.tab = "attention"
        await bench.answered()
        assert attention(bench)["widget"] is not None

    opened(session)
    assert len(threads) == 2


def test_a_question_goes_before_and_the_tab_is_of_that_one(opened, slow, until):
    _, go = slow

    async def session(bench):
        bench.tab = "attention"
        await until(lambda: bench.part == 0.25)
        bench.question = "a red square"
        await until(lambda: bench.run.query.text == "a red square")
        go.set()
        await bench.answered()
        assert {"a", "red", "square"} < set(attention(bench)["widget"].words)

    opened(session)


def test_another_recipe_on_the_way_does_not_lose_the_tab(opened, slow, until):
    threads, go = slow

    async def session(bench):
        bench.tab = "attention"
        await until(lambda: bench.part == 0.25)
        bench.keep(0.25)
        go.set()
        await bench.answered()
        assert len(bench.run.tokens) == 48
        assert attention(bench)["widget"] is not None

    opened(session)
    assert len(threads) == 2


def test_an_answer_under_way_is_not_disturbed(opened, slow, until):
    threads, go = slow
    go.set()

    async def session(bench):
        bench.question = "a red square"
        bench.tab = "attention"
        assert threads == []
        await until(lambda: bench.run.query.text == "a red square")
        await bench.answered()
        assert {"square"} < set(attention(bench)["widget"].words)

    opened(session)
    assert len(threads) == 1


def test_reading_the_question_stops_between_two_layers(opened, slow, until, monkeypatch):
    from vtk_widgets.parts.attention import looked

    layers, told = [], looked._told
    slow[1].set()

    async def session(bench):
        def stopped(steps, model, kept, *more):
            layers.append(len(kept.layers))
            bench._running.set()
            told(steps, model, kept, *more)

        monkeypatch.setattr(looked, "_told", stopped)
        bench.tab = "attention"
        await bench.answered()
        assert attention(bench)["why"].startswith("Stopped.")

    opened(session)
    assert len(layers) == 1


def test_what_the_model_cannot_do_is_said_in_the_tab(opened, until, monkeypatch):
    def missing(*_args, **_how):
        raise VtkError("load", "weights", "none")

    monkeypatch.setattr(door, "load", missing)

    async def session(bench):
        bench.tab = "attention"
        await bench.answered()
        assert attention(bench)["why"] == "load expects weights, got none."
        assert bench.message == ""

    opened(session)


def test_a_picker_that_holds_no_model_leaves_the_bundled_one(opened, slow, until):
    slow[1].set()

    async def session(bench):
        bench.tab = "models"
        bench.tab = "attention"
        await bench.answered()
        first = attention(bench)["widget"]
        assert first is not None
        picker = next(tab["widget"] for tab in bench.tabs if tab["key"] == "models")
        picker.id = "vtk-tiny"
        picker.load()
        await until(lambda: picker.loaded)
        bench.tab = "models"
        bench.tab = "attention"
        await bench.answered()
        assert attention(bench)["widget"] is not first  # a model was picked since

    opened(session)
    assert len(slow[0]) == 1
