"""Selection: one shared state, and a value that the next cell reads."""

import math

import pytest
from traitlets import TraitError

from vtk_notebooks.moment import Moment
from vtk_widgets import FramePlayer, MomentTimeline, Selection, TokenMap


def test_nothing_is_selected_at_first():
    selection = Selection()
    assert (selection.time_s, selection.cell, selection.token) == (0.0, (-1, -1, -1), -1)
    assert selection.as_moment() is None
    assert repr(selection) == "Selection(time_s=0.00)"


def test_what_was_picked_is_a_value_for_the_next_cell():
    selection = Selection(time_s=2.5, cell=(1, 0, 2), token=7, moment=(1, 3))
    assert selection.as_moment() == Moment(1.0, 3.0)
    said = "Selection(time_s=2.50, cell=(1, 0, 2), token=7, moment=(1.00, 3.00))"
    assert repr(selection) == said


def test_lists_from_the_browser_become_tuples():
    selection = Selection()
    selection.set_state({"cell": [1, 0, 2], "moment": [0.5, 1.5]})
    assert selection.cell == (1, 0, 2)
    assert selection.moment == (0.5, 1.5)


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("time_s", -1.0),
        ("time_s", math.nan),
        ("time_s", math.inf),
        ("time_s", "soon"),
        ("speed", 0.0),
        ("cell", (1, 2)),
        ("token", 1.5),
        ("moment", (3.0, 1.0)),
        ("moment", (1.0,)),
        ("moment", (1.0, 2.0, 3.0)),
        ("moment", (0.0, math.nan)),
        ("moment", ("a", "b")),
        ("window", (3.0, 1.0)),
    ],
)
def test_values_that_mean_nothing_are_refused(trait, value):
    selection = Selection()
    before = getattr(selection, trait)
    with pytest.raises(TraitError, match=trait):
        setattr(selection, trait, value)
    assert getattr(selection, trait) == before


def test_playing_from_python_lets_any_page_keep_the_time():
    selection = Selection(_driver="a page that is closed")
    selection.play()
    assert selection.playing
    assert selection.get_state()["_driver"] == ""
    selection.pause()
    assert not selection.playing


def test_a_widget_given_none_has_one_of_its_own():
    assert isinstance(FramePlayer().selection, Selection)
    assert FramePlayer().selection is not FramePlayer().selection


@pytest.mark.parametrize("widget", [FramePlayer, TokenMap, MomentTimeline])
@pytest.mark.parametrize("wrong", [None, "anywidget:1", 3])
def test_only_a_selection_links(widget, wrong):
    with pytest.raises(TraitError):
        widget(selection=wrong)


def test_another_widget_is_no_selection():
    with pytest.raises(TraitError, match="expects a Selection, got FramePlayer"):
        FramePlayer(selection=FramePlayer())


def test_linked_widgets_send_the_same_reference(run):
    selection = Selection()
    player = FramePlayer.of(run.clip, selection)
    token_map = TokenMap.of(run, selection=selection)
    timeline = MomentTimeline.of(run, selection=selection)
    sent = {w.get_state()["selection"] for w in (player, token_map, timeline)}
    assert sent == {f"anywidget:{selection.model_id}"}


def test_the_kernel_sends_no_echo_that_could_undo_a_newer_value(monkeypatch):
    selection = Selection()
    sent = []
    monkeypatch.setattr(selection, "_send", lambda message, buffers=None: sent.append(message))
    selection.set_state({"time_s": 2.0, "cell": [0, 1, 2], "moment": [1.0, 2.0], "playing": True})
    assert sent == []
    selection.time_s = 3.0
    assert [message["state"] for message in sent] == [{"time_s": 3.0}]


def test_a_window_shows_what_lies_in_it_at_least_in_part():
    selection = Selection()
    assert selection.shows(0.0, 1.0)
    selection.window = (2.0, 4.0)
    told = [selection.shows(*span) for span in [(0.0, 2.0), (1.0, 2.1), (3.9, 9.0), (4.0, 5.0)]]
    assert told == [False, True, True, False]
    selection.layer = 3
    assert repr(selection).endswith("window=(2.00, 4.00), layer=3)")
