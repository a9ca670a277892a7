"""Widgets and Python: each hears of the other, and views may come and go."""

import pytest

from .harness.shown import says, status

PLAYER = ".vtk-frame-player"


def test_python_follows_what_is_selected(in_lab):
    in_lab.scrubber.fill("3.25")
    in_lab.notebook.comes_to("it.selection.time_s", lambda time_s: time_s == 3.25)
    in_lab.timeline.get_by_role("button", name="prediction 1").click()
    in_lab.notebook.comes_to("it.selection.moment", lambda moment: moment == [2.5, 4.0])
    assert in_lab.notebook.value("it.selection.as_moment().duration_s") == 1.5


def test_python_names_the_token_pointed_at(in_lab):
    place, frame = in_lab.find_cell()
    in_lab.sheet.hover(position=place)
    token = in_lab.notebook.comes_to("it.selection.token", lambda token: token >= 0)
    assert f"token {token} " in in_lab.tip.text_content()
    assert in_lab.notebook.value("it.selection.cell")[0] == frame - 1
    owner = "int(merged(0.25).owner()[it.selection.cell])"
    assert in_lab.notebook.value(owner) == token


def test_the_page_follows_python(in_lab):
    in_lab.notebook.do("it.selection.time_s, it.selection.moment = 1.5, (1.5, 2.0)")
    says(in_lab.player, "1.50 / 6.00 s")
    says(in_lab.timeline, "frame 4 of 12")
    in_lab.timeline.locator(".vtk-shade").wait_for()


def test_playing_can_be_started_and_stopped_from_python(in_lab):
    in_lab.notebook.do("it.selection.play()")
    in_lab.notebook.comes_to("it.selection.time_s", lambda time_s: time_s > 0.2)
    in_lab.notebook.do("it.selection.pause()")
    in_lab.player.get_by_label("Play", exact=True).wait_for()
    in_lab.page.wait_for_timeout(350)
    stopped = status(in_lab.player)
    in_lab.page.wait_for_timeout(150)
    assert status(in_lab.player) == stopped
    in_lab.notebook.comes_to("f'{it.selection.time_s:.2f}'", stopped.startswith)


def test_linked_widgets_move_while_the_kernel_is_busy(in_lab):
    in_lab.notebook.ask("keepBusy", 2)
    in_lab.scrubber.fill("4")
    says(in_lab.timeline, "4.00 s")
    assert in_lab.notebook.ask("kernelStatus") == "busy"
    in_lab.notebook.comes_to("it.selection.time_s", lambda time_s: time_s == 4)


@pytest.fixture
def shown_twice(scratch):
    again = ["it.player", "it.player", "it.timeline"]
    notebook = scratch(["from made import *; it = linked()", *again])
    notebook.find(f"{PLAYER}[data-ready=true]").nth(1).wait_for()
    notebook.find(".vtk-moment-timeline[data-ready=true]").wait_for()
    return notebook


def test_a_widget_shown_twice_stays_in_step(shown_twice):
    first, second = shown_twice.find(PLAYER).all()
    first.get_by_label("Time").fill("2")
    says(second, "2.00 / 6.00 s")
    second.get_by_label("Play", exact=True).click()
    first.get_by_label("Pause", exact=True).click()
    second.get_by_label("Play", exact=True).wait_for()


def test_a_view_whose_output_is_cleared_listens_no_more(shown_twice):
    gone = shown_twice.find(f"{PLAYER} [role=status]").first.element_handle()
    playing = shown_twice.find(PLAYER).first
    playing.get_by_label("Play", exact=True).click()
    shown_twice.ask("clearOutput", 1)
    shown_twice.find(PLAYER).nth(1).wait_for(state="detached")
    shown_twice.comes_to("it.selection.playing", lambda playing: not playing)
    said = gone.text_content()
    shown_twice.do("it.selection.time_s = 5.0")
    says(shown_twice.find(PLAYER), "5.00 / 6.00 s")
    assert gone.text_content() == said
    shown_twice.do("p = it.player; p.frames, p.times_s = p.frames[:6], p.times_s[:6]")
    shown_twice.find(f"{PLAYER}[data-frame='5']").wait_for()


def test_a_closed_widget_leaves_the_others_alone(shown_twice):
    shown_twice.do("it.player.close()")
    shown_twice.do("it.selection.time_s = 3.0")
    says(shown_twice.find(".vtk-moment-timeline"), "3.00 s")


def test_a_widget_given_another_selection_goes_its_own_way(shown_twice):
    shown_twice.do("import vtk_widgets; it.timeline.selection = vtk_widgets.Selection(time_s=1.0)")
    timeline = shown_twice.find(".vtk-moment-timeline")
    says(timeline, "1.00 s")
    shown_twice.find(PLAYER).first.get_by_label("Time").fill("4")
    says(shown_twice.find(PLAYER).nth(1), "4.00 / 6.00 s")
    assert status(timeline).startswith("1.00 s")
