"""Keys: the widgets take them, JupyterLab does not, and Tab reaches everything."""

import re

import pytest
from playwright.sync_api import expect

from .harness.shown import says


def test_space_plays_and_pauses(shown):
    shown.player.locator("canvas").press(" ")
    shown.player.get_by_label("Pause", exact=True).wait_for()
    later = re.compile(r"frame (?!1 )\d+ of 12")  # a busy machine may miss some
    expect(shown.timeline.locator("[role=status]")).to_contain_text(later)
    shown.page.keyboard.press(" ")
    shown.player.get_by_label("Play", exact=True).wait_for()


@pytest.mark.parametrize("focus", ["player", "scrubber", "timeline"])
def test_arrows_step_frames(shown, focus):
    place = {
        "player": shown.player.locator("canvas"),
        "scrubber": shown.scrubber,
        "timeline": shown.timeline.get_by_role("slider"),
    }[focus]
    place.focus()
    for key, frame in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 12)]:
        shown.page.keyboard.press(key)
        says(shown.timeline, f"frame {frame} of 12")
    shown.page.keyboard.press("Home")
    says(shown.player, "0.00 / 6.00 s")


def test_arrows_walk_the_cells_of_the_token_map(shown):
    shown.sheet.focus()
    spoken = shown.token_map.locator("[aria-live=polite]")
    for key, cell in [("ArrowDown", "0, 2, 3"), ("ArrowRight", "0, 2, 4"), ("PageDown", "1, 2, 4")]:
        shown.page.keyboard.press(key)
        expect(spoken).to_contain_text(f"cell {cell}: token")
    says(shown.player, "0.50 / 6.00 s")


def test_tab_reaches_every_control(shown):
    wanted = shown.focusable()
    wanted[0].focus()
    for one in wanted[1:]:
        shown.page.keyboard.press("Tab")
        expect(one).to_be_focused()
        assert one.evaluate("(element) => element.matches(':focus-visible')")


def test_a_moment_is_chosen_and_let_go_by_keys(shown):
    shown.timeline.get_by_role("button", name="prediction 1").focus()
    shown.page.keyboard.press("Enter")
    says(shown.player, "2.50 / 6.00 s")
    assert shown.timeline.locator(".vtk-shade").is_visible()
    shown.page.keyboard.press("Escape")
    assert not shown.timeline.locator(".vtk-shade").is_visible()


@pytest.mark.parametrize("key", ["ArrowUp", "ArrowDown", "b", "x", "m", "Enter", " "])
def test_jupyterlab_takes_no_key_from_a_focused_control(in_lab, key):
    before = in_lab.notebook.ask("cells")
    for one in in_lab.focusable():
        one.focus()
        in_lab.page.keyboard.press(key)
        in_lab.page.keyboard.press("Escape")
        assert in_lab.notebook.ask("cells") == before, one


def test_after_a_click_into_a_widget_its_keys_are_its_own(in_lab):
    before = in_lab.notebook.ask("cells")
    in_lab.player.get_by_label("Next frame").click()
    in_lab.page.keyboard.press("ArrowRight")
    says(in_lab.timeline, "frame 3 of 12")
    in_lab.timeline.locator("canvas").click(position={"x": 2, "y": 20})
    in_lab.page.keyboard.press("ArrowRight")
    says(in_lab.timeline, "frame 2 of 12")
    place, frame = in_lab.find_cell()
    in_lab.sheet.click(position=place)
    in_lab.page.keyboard.press("PageDown")
    says(in_lab.timeline, f"frame {frame + 1} of 12")
    assert in_lab.notebook.ask("cells")[1:] == before[1:]
