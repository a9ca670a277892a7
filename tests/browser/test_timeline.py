"""The timeline: windows of time, spans of one's own, files of them, and tracks of any length."""

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from vtk_notebooks.moment import Moment
from vtk_widgets import MomentTimeline, Track, page

from .harness.chromium import until
from .harness.contrast import too_faint
from .harness.shown import says, status

EDITED = [
    "from made import *",
    "it = linked()",
    "it.timeline.editing = True",
    "display(it.player, it.timeline, it.selection)",
]


def at(shown, time_s):
    """Where a time lies on the page, on the axis below the tracks."""
    box = shown.timeline.locator(".vtk-axis").bounding_box()
    return box["x"] + box["width"] * time_s / 6.0


def drag(shown, from_s, to_s, y):
    shown.page.mouse.move(at(shown, from_s), y)
    shown.page.mouse.down()
    shown.page.mouse.move(at(shown, to_s), y, steps=4)
    shown.page.mouse.up()


def middle(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"] / 2


def test_a_drag_with_shift_selects_a_window_that_python_and_the_player_keep_to(in_lab):
    in_lab.timeline.scroll_into_view_if_needed()
    in_lab.page.keyboard.down("Shift")
    drag(in_lab, 1.5, 3.0, middle(in_lab.timeline.locator("canvas")))
    in_lab.page.keyboard.up("Shift")
    in_lab.notebook.comes_to(
        "it.selection.window", lambda window: window == pytest.approx([1.5, 3.0], abs=0.05)
    )
    assert in_lab.player.locator(".vtk-window").is_visible()
    in_lab.player.get_by_label("Speed").select_option("4")
    in_lab.player.get_by_label("Play", exact=True).click()
    in_lab.page.wait_for_timeout(900)  # more than twice round
    in_lab.player.get_by_label("Pause", exact=True).click()
    assert 1.4 < float(status(in_lab.player).split(" / ")[0]) < 3.1
    in_lab.timeline.get_by_role("slider").press("Escape")
    in_lab.notebook.comes_to("it.selection.window", lambda window: window == [])


def test_the_button_lets_a_plain_drag_select_and_zoom_shows_that_part(on_page):
    on_page.timeline.get_by_role("button", name="Select time").click()
    drag(on_page, 2.0, 4.0, middle(on_page.timeline.locator("canvas")))
    says(on_page.selection, "window 2.0")
    on_page.timeline.get_by_role("button", name="Zoom", exact=True).click()
    expect(on_page.timeline.locator(".vtk-axis span").first).to_have_text("2.0")
    on_page.timeline.get_by_role("button", name="Whole film").click()
    expect(on_page.timeline.locator(".vtk-axis span").first).to_have_text("0.0")
    on_page.timeline.get_by_role("button", name="Clear").click()
    assert "window" not in status(on_page.selection)


def test_a_window_is_set_and_shown_by_keys_alone(on_page):
    slider = on_page.timeline.get_by_role("slider")
    slider.focus()
    for key in ["ArrowRight", "ArrowRight", "[", "ArrowRight", "ArrowRight", "]"]:
        on_page.page.keyboard.press(key)
    says(on_page.selection, "window 1.00")
    expect(on_page.timeline.locator("[aria-live=polite]")).to_contain_text("Selected 1.00")
    on_page.page.keyboard.press("z")
    expect(on_page.timeline.locator(".vtk-axis span").first).to_have_text("1.0")


@pytest.fixture
def editing(scratch):
    from .harness.shown import Shown

    notebook = scratch(EDITED)
    notebook.find(".vtk-moment-timeline[data-ready=true]").wait_for()
    notebook.find(".vtk-frame-player[data-ready=true]").wait_for()
    return Shown(notebook.page, notebook.root, notebook)


def edited(shown, spans):
    told = "[[m.start_s, m.end_s, m.text] for m in it.timeline.edited]"
    shown.notebook.comes_to(told, lambda got: got == spans)


def test_spans_are_made_dragged_named_and_taken_back_and_python_reads_them(editing):
    own = editing.timeline.locator(".vtk-own")
    own.scroll_into_view_if_needed()
    editing.page.mouse.dblclick(at(editing, 1.1), middle(own))
    edited(editing, [[1.0, 1.5, ""]])
    drag(editing, 1.49, 3.1, middle(own))  # its end
    edited(editing, [[1.0, 3.0, ""]])
    says(editing.player, "3.00 / 6.00 s")  # the frame at that end is on show
    drag(editing, 2.0, 2.45, middle(own))  # all of it
    edited(editing, [[1.5, 3.5, ""]])
    editing.timeline.get_by_role("button", name="yours 1").press("F2")
    editing.page.keyboard.type("a <b>goal</b>")
    editing.page.keyboard.press("Enter")
    edited(editing, [[1.5, 3.5, "a <b>goal</b>"]])
    expect(editing.timeline.get_by_role("button", name="yours 1")).to_contain_text("<b>goal</b>")
    bar = editing.timeline.get_by_role("button", name="yours 1")
    bar.press("Control+z")
    edited(editing, [[1.5, 3.5, ""]])
    bar.press("Control+z")
    edited(editing, [[1.0, 3.0, ""]])
    bar.press("Control+Shift+Z")
    edited(editing, [[1.5, 3.5, ""]])


def test_spans_are_made_moved_and_deleted_by_keys(editing):
    editing.timeline.get_by_role("slider").focus()
    for key in ["ArrowRight", "ArrowRight", "n"]:
        editing.page.keyboard.press(key)
    bar = editing.timeline.get_by_role("button", name="yours 1")
    bar.press("Shift+ArrowRight")
    edited(editing, [[1.0, 2.0, ""]])
    expect(bar).to_be_focused()
    expect(editing.timeline.locator("[aria-live=polite]")).to_contain_text("span 1: 1.00")
    bar.press("Alt+ArrowLeft")
    bar.press("Alt+Shift+ArrowRight")
    edited(editing, [[1.0, 2.5, ""]])
    bar.press("Delete")
    edited(editing, [])
    editing.timeline.get_by_role("slider").press("Control+z")
    edited(editing, [[1.0, 2.5, ""]])
    editing.notebook.do("it.timeline.edits = []")  # Python may edit too, and that can be undone
    bar.wait_for(state="detached")
    editing.timeline.get_by_role("button", name="Undo").click()
    edited(editing, [[1.0, 2.5, ""]])


def test_a_file_from_the_browser_is_the_one_python_writes(open_file, tmp_path):
    spans = [Moment(2.0, 3.5, text="lands"), Moment(0.5, 1.0), Moment(3.0, 4.0)]
    timeline = MomentTimeline.of(
        {"A": []}, edit=spans, question="when?", film="f", duration_s=6.0, clip=None
    )
    opened = open_file(page([timeline], tmp_path / "page.html", "Files"))
    opened.locator(".vtk-moment-timeline[data-ready=true]").wait_for()
    for format, name in [("qvhighlights", "f.jsonl"), ("charades_sta", "f.txt")]:
        opened.get_by_label("File format").select_option(format)
        with opened.expect_download() as waiting:
            opened.get_by_role("button", name="Download").click()
        assert waiting.value.suggested_filename == name
        got = waiting.value.path().read_text()
        wanted = timeline.export(tmp_path / name, format).read_text()
        if format == "qvhighlights":
            got, wanted = ([json.loads(line) for line in t.splitlines()] for t in (got, wanted))
        assert got == wanted


def test_very_many_models_moments_and_letters_stay_small_and_legible(open_file, tmp_path):
    rng = np.random.default_rng(0)
    many = [Moment(float(a), float(a) + 0.5, text="x" * 10_000) for a in rng.uniform(0, 59, 2000)]
    models = {f"model {i} {'long ' * 40}": [Moment(1.0, 5.0 + i)] for i in range(40)}
    heat = rng.random((30, 600))
    timeline = MomentTimeline.of(
        models,
        duration_s=60.0,
        question="y" * 10_000,
        tracks=[
            Track("many", moments=many, role="speech"),
            Track("heat", heat=heat, times_s=np.linspace(0, 59.9, 600)),
        ],
    )
    opened = open_file(page([timeline], tmp_path / "page.html", "Many"))
    widget = opened.locator(".vtk-moment-timeline")
    widget.and_(opened.locator("[data-ready=true]")).wait_for()
    assert widget.locator("*").count() < 2000
    assert widget.bounding_box()["height"] < 700
    scroller = widget.locator(".vtk-scroller")
    assert scroller.evaluate(
        "(s) => s.scrollHeight > s.clientHeight && s.scrollWidth <= s.clientWidth + 1"
    )
    expect(widget.get_by_text("more")).to_contain_text("+ 1")
    assert too_faint(widget) == {}
    until(opened, lambda: opened.evaluate("document.documentElement.scrollWidth") <= 1300)
