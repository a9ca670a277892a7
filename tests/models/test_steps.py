from threading import Event

import pytest

from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.models.steps import Steps
from vtk_notebooks.progress import Bars


def test_steps_are_told_as_they_are():
    told = []
    Steps("load", lambda *step: told.append(step))("read", 1, None)
    assert told == [("read", 1, None)]
    Steps("load")("read", 1, 2)  # nobody listens


@pytest.mark.parametrize("event", [True, False])
def test_whoever_asks_it_to_stop_is_answered_at_the_next_step(event):
    stop, told = Event(), []
    cancel = stop if event else stop.is_set
    steps = Steps("load", lambda *step: told.append(step), cancel)
    steps("read", 1, 2)
    stop.set()
    with pytest.raises(CancelledError, match=r"load expects to finish, got a cancel at 'read', 2"):
        steps("read", 2, 2)
    assert told == [("read", 1, 2)]


def test_a_cancel_is_one_of_our_errors_and_says_so_without_a_total():
    with pytest.raises(VtkError, match=r"7 of \?"):
        Steps("load", cancel=lambda: True)("fetch", 7, None)


def test_what_the_listener_raises_ends_it():
    def listener(what, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Steps("load", listener)("read", 0, 1)


def test_a_bar_follows_a_total_that_grows(capsys):
    with Bars() as bars:
        steps = Steps("load", bars)
        steps("fetch", 5, 10)
        steps("fetch", 30, 40)
        steps("fetch", 40, 40)
    assert "40/40" in capsys.readouterr().err
