"""Long work runs beside the kernel, can be stopped, and only the last piece of it counts."""

import asyncio
from threading import Event, get_ident

import pytest
from traitlets import Int

from vtk_notebooks.errors import CancelledError
from vtk_widgets._working import Working


class Counter(Working):
    _esm = "export default {}"
    value = Int(0, help="what was made")

    def show(self, value):
        self.value = value


@pytest.fixture
def widget():
    made = Counter()
    yield made
    made.close()


def test_without_a_loop_the_work_is_done_at_once(widget):
    widget.begin(lambda progress, stop: 7, widget.show)
    assert (widget.value, widget.busy) == (7, False)


def test_an_error_becomes_a_message(widget):
    widget.begin(lambda progress, stop: 1 // 0, widget.show)
    assert widget.message.startswith("ZeroDivisionError")
    assert not widget.busy
    assert not widget.value


def test_an_error_while_showing_becomes_a_message(widget):
    widget.begin(lambda progress, stop: "seven", widget.show)
    assert "TraitError" in widget.message
    assert not widget.busy


def test_with_a_loop_the_kernel_stays_free_and_results_come_back_to_it(widget, until):
    seen = {}

    def work(progress, stop):
        seen["worker"] = get_ident()
        progress("counting", 1, 4)
        seen["go"].wait(5)
        return 3

    def then(value):
        seen["shown"] = get_ident()
        widget.show(value)

    async def session():
        seen["go"] = Event()
        widget.begin(work, then)
        assert widget.busy
        assert widget.value == 0
        await until(lambda: widget.part == 0.25)
        assert widget.step == "counting"
        seen["go"].set()
        await until(lambda: not widget.busy)

    asyncio.run(session())
    assert widget.value == 3
    assert seen["worker"] != get_ident() == seen["shown"]


def test_work_begun_as_soon_as_there_is_time_says_what_it_does(widget, until):
    going = Event()

    def work(progress, stop):
        going.set()
        return stop.wait(5)

    def more(change):
        if not change.new and not widget.value:
            widget.begin(work, lambda _: widget.show(2), "next")

    async def session():
        widget.observe(more, "busy")
        widget.begin(lambda progress, stop: 1 // 0, widget.show, "first")
        await until(going.is_set)
        assert (widget.busy, widget.step, widget.message) == (True, "next", "")
        widget.cancel()
        await until(lambda: widget.value == 2)

    asyncio.run(session())


def test_a_stale_result_never_covers_a_newer_one(widget, until):
    async def session():
        going = Event()

        def old(progress, stop):
            going.set()
            stop.wait(5)
            return 1

        widget.begin(old, widget.show)
        await until(going.is_set)
        widget.begin(lambda progress, stop: 2, widget.show)
        await until(lambda: not widget.busy)
        await asyncio.sleep(0.05)

    shown = []
    widget.observe(lambda change: shown.append(change.new), "value")
    asyncio.run(session())
    assert shown == [2]


@pytest.mark.parametrize("partial", [True, False])
def test_the_browser_can_stop_it_and_what_was_made_is_kept(widget, partial, until):
    def work(progress, stop):
        stop.wait(5)
        if not partial:
            raise CancelledError("work", "to finish", "a cancel")
        return 5

    async def session():
        widget.begin(work, widget.show)
        await asyncio.sleep(0.02)
        widget.stops += 1
        await until(lambda: not widget.busy)

    asyncio.run(session())
    assert (widget.value, widget.message) == ((5, "") if partial else (0, "Stopped."))


def test_a_closed_widget_stops_its_work_and_shows_nothing_more(widget, until):
    stopped = Event()

    def work(progress, stop):
        if stop.wait(5):
            stopped.set()
        return 9

    async def session():
        widget.begin(work, widget.show)
        await asyncio.sleep(0.02)
        widget.close()
        await until(stopped.is_set)
        await asyncio.sleep(0.05)

    asyncio.run(session())
    assert widget.value == 0


def test_work_that_is_stopped_before_it_began_ends_as_stopped(widget, until):
    going, go_on = Event(), Event()

    def first(progress, stop):
        going.set()
        go_on.wait(5)
        return 1

    async def session():
        widget.begin(first, widget.show)
        await until(going.is_set)
        widget.begin(lambda progress, stop: 2, widget.show)  # waits for the first to look up
        widget.stops += 1
        go_on.set()
        await until(lambda: not widget.busy)

    asyncio.run(session())
    assert (widget.value, widget.message) == (0, "Stopped.")
