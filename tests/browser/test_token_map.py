"""The token map: one highlight over all frames, and a slider for the budget."""

import re

import pytest
from playwright.sync_api import expect

from vtk_widgets import TokenMap, page

from .harness.chromium import until
from .harness.made import dropped, found, merged
from .harness.shown import Shown, patches, pixels, says, status


def test_hovering_a_cell_lights_every_cell_of_its_token(shown, screenshot, request):
    place, _ = shown.find_cell()
    before = pixels(shown.sheet)
    shown.sheet.hover(position=place)
    expect(shown.tip).to_contain_text(re.compile(r"token \d+ speaks for 4 cells in 4 frames"))
    lit = patches(before, pixels(shown.sheet))
    assert len(lit) == 4
    assert len({(p[0].stop - p[0].start, p[1].stop - p[1].start) for p in lit}) <= 2
    screenshot(shown.page, f"hover_{request.node.callspec.id}")


def test_leaving_puts_the_light_out(shown):
    place, _ = shown.find_cell()
    before = pixels(shown.sheet)
    shown.sheet.hover(position=place)
    expect(shown.tip).to_be_visible()
    shown.keep.hover()
    expect(shown.tip).to_be_hidden()
    assert (pixels(shown.sheet) == before).all()


def test_a_click_pins_the_light_until_escape(shown):
    shown.sheet.click(position=shown.find_cell()[0])
    shown.keep.hover()
    assert shown.tip.is_visible()
    shown.sheet.press("Escape")
    expect(shown.tip).to_be_hidden()


def test_the_frame_on_show_has_a_ring(shown):
    before = pixels(shown.sheet)
    shown.scrubber.fill("3")
    until(shown.page, lambda: len(patches(before, pixels(shown.sheet))) == 2)  # here, not there


def test_the_view_switch_uncovers_the_frames(shown):
    before = pixels(shown.sheet)
    shown.token_map.get_by_role("radio", name="Frames").click()
    shown.token_map.get_by_text("one colour, one token").wait_for(state="detached")
    assert (pixels(shown.sheet) != before).mean() > 0.3


def test_budgets_made_beforehand_need_no_kernel(shown):
    shown.keep.fill("0.5")
    says(shown.token_map, "144 of 288 tokens (50 %)")
    if shown.notebook:
        assert shown.notebook.value("it.asked") == []


def test_on_a_page_the_slider_stops_at_the_budgets_there_are(on_page):
    on_page.keep.fill("0.4")
    says(on_page.token_map, "144 of 288 tokens (50 %)")
    on_page.keep.press("ArrowLeft")
    says(on_page.token_map, "72 of 288 tokens (25 %)")


def test_another_budget_is_computed_by_the_kernel(in_lab):
    in_lab.keep.fill("0.6")
    says(in_lab.token_map, "173 of 288 tokens (60 %)")
    assert in_lab.notebook.value("it.asked") == [0.6]


def test_of_a_quick_series_of_budgets_the_last_one_counts(in_lab):
    for keep in ("0.3", "0.7", "0.4", "0.6"):
        in_lab.keep.fill(keep)
    says(in_lab.token_map, "173 of 288 tokens (60 %)")
    in_lab.notebook.comes_to("it.asked", lambda asked: asked[-1] == 0.6)
    in_lab.page.wait_for_timeout(200)
    assert status(in_lab.token_map).endswith("173 of 288 tokens (60 %)")


def test_an_error_in_the_rerun_is_read_as_text_and_the_widget_lives_on(in_lab, screenshot):
    alert = in_lab.token_map.get_by_role("alert")
    in_lab.keep.fill("0.9")
    expect(alert).to_contain_text("ValueError: cannot keep so much: <img src=x")
    screenshot(in_lab.page, "rerun_failed")
    in_lab.keep.fill("0.6")
    says(in_lab.token_map, "173 of 288 tokens (60 %)")
    expect(alert).to_be_empty()
    assert in_lab.page.evaluate("window.executed") is None


def test_a_slow_rerun_says_that_it_is_running(scratch):
    slow = "lambda keep: (__import__('time').sleep(0.5), merged(keep))[1]"
    token_map = f"vtk_widgets.TokenMap.of(found(cells()), rerun={slow})"
    notebook = scratch(["from made import *; import vtk_widgets", token_map])
    running = notebook.find(".vtk-token-map").get_by_text("running…")
    expect(running).to_be_hidden()
    notebook.find("[aria-label=Keep]").fill("0.5")
    expect(running).to_be_visible()
    expect(running).to_be_hidden()
    says(notebook.find(".vtk-token-map"), "144 of 288 tokens")


def test_a_light_follows_the_budget(in_lab):
    place, frame = in_lab.find_cell()
    in_lab.sheet.click(position=place)
    in_lab.notebook.comes_to("it.selection.cell", lambda cell: cell[0] == frame - 1)
    in_lab.keep.fill("0.5")
    expect(in_lab.tip).to_contain_text("speaks for 2 cells in 2 frames")
    owner = in_lab.notebook.value("int(merged(0.5).owner()[it.selection.cell])")
    in_lab.notebook.comes_to("it.selection.token", lambda token: token == owner)


@pytest.fixture
def two_recipes(open_file, tmp_path):
    both = found(merged(0.25)), found(dropped(0.5), label="first cells")
    opened = open_file(page([TokenMap.of(*both)], tmp_path / "two.html", "Two recipes"))
    opened.locator(".vtk-token-map[data-ready=true]").wait_for()
    return Shown(opened, opened.locator("body"))


def test_two_recipes_light_up_together(two_recipes, screenshot):
    assert status(two_recipes.token_map) == (
        "time runs: 72 of 288 tokens (25 %); first cells: 144 of 288 tokens (50 %)"
    )
    before = pixels(two_recipes.sheet)
    two_recipes.sheet.hover(position={"x": 10, "y": 60})
    expect(two_recipes.tip).to_have_count(2)
    half = before.shape[1] // 2
    sides = [p[1].stop < half for p in patches(before, pixels(two_recipes.sheet))]
    assert sides.count(True) == 4  # the token's frames
    assert sides.count(False) == 1  # the same cell, kept by the other recipe
    screenshot(two_recipes.page, "two_recipes")
