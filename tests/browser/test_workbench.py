"""The workbench and its ablation bench as a person drives them, on a made film without weights."""

import re

import pytest
from playwright.sync_api import expect

from .harness.shown import pixels

OPEN = """
from contextlib import ExitStack
from red import *
from vtk_widgets import Workbench
kept = ExitStack()
seen = kept.enter_context(seeing_red())
bench = Workbench.of(film(), "red", squeezed(0.5), store=Store("red_store"), truth=TRUTH, out="red")
bench
"""
SLOW = """
from vtk_notebooks.models import door, load
def slow(name, *, progress, cancel):
    progress("weights", 1, 4)
    while not cancel.wait(0.02):
        pass
    progress("weights", 2, 4)
    return load(name, progress=progress, cancel=cancel)
door.load = slow
"""
AGAIN = "bench.recipe = squeezed(0.5); bench.before = None; seen.clear()"


@pytest.fixture(scope="module")
def _open(lab, lab_page):
    from .harness.notebook import opening

    with opening(lab_page, lab.root) as open_:
        yield open_([OPEN])


@pytest.fixture
def work(_open, watch):
    """The workbench's notebook, as it was opened."""
    _open.ask("activate")
    _open.do(AGAIN)
    _open.comes_to("[bench.busy, bench.ablation.busy]", lambda busy: busy == [False, False])
    _open.find(".vtk-token-map[data-ready=true]").wait_for()
    expect(_open.find(".vtk-budget")).to_contain_text("96 of 192 tokens")
    return _open


def test_all_views_are_drawn_and_move_together(work, screenshot):
    bench = work.find(".vtk-workbench")
    for canvas in bench.locator("canvas").all():
        assert pixels(canvas).std() > 3
    bench.get_by_role("button", name="Frame 6 at 2.50 s").click()
    for view in (".vtk-frame-player", ".vtk-moment-timeline"):
        expect(bench.locator(f"{view} [role=status]").first).to_contain_text("2.50")
    screenshot(work.page, "workbench")


def test_the_maps_slider_changes_the_answer_and_says_what_changed(work):
    bench = work.find(".vtk-workbench")
    bench.get_by_label("Keep", exact=True).fill("0.25")
    changed = bench.get_by_role("table", name="What changed")
    expect(changed.get_by_role("row", name="tokens")).to_contain_text("48")
    expect(bench.locator(".vtk-budget")).to_contain_text("48 of 192 tokens (25 %)")
    assert work.value("bench.recipe.stages[0].params[0][1]") == 0.25
    assert work.value("seen") == []  # nothing was encoded again


def test_a_stage_is_added_set_and_switched_off_by_its_controls(work):
    form = work.find(".vtk-recipe")
    form.get_by_label("Add a stage").select_option("compressor:uniform")
    part = form.get_by_role("listitem").filter(has_text="Uniform")
    part.get_by_label("axis").select_option("tokens")
    part.get_by_label("keep", exact=True).fill("0.5")
    work.comes_to(
        "[bench.run.recipe.stages[-1].params, len(bench.run.tokens)]",
        lambda now: now == [[["axis", "tokens"], ["keep", 0.5]], 48],
    )
    expect(part.locator(".vtk-took")).to_have_text(re.compile("computed|reused"))
    part.get_by_role("switch").uncheck()
    work.comes_to("[len(bench.run.tokens), len(bench.recipe.stages)]", lambda now: now == [96, 1])
    expect(part.locator(".vtk-took")).to_have_text("off")


def test_an_impossible_value_is_told_at_its_field_and_typing_goes_on(work):
    form = work.find(".vtk-recipe")
    keep = form.get_by_label("keep", exact=True)
    keep.fill("7")
    fault = form.get_by_role("alert").filter(has_text="keep")
    expect(fault).to_contain_text("keep in (0, 1]")
    keep.fill("0.75")
    expect(fault).to_have_count(0)
    work.comes_to("len(bench.run.tokens)", lambda tokens: tokens == 144)
    expect(keep).to_have_value("0.75")


def test_recipes_are_pinned_named_compared_and_removed(work):
    table = work.find(".vtk-trials")
    work.find(".vtk-recipe").get_by_label("keep", exact=True).fill("0.25")
    table.get_by_role("button", name="Pin the recipe on the bench").click()
    name = table.get_by_label("Name of bipartite_merge keep=0.25")
    name.fill("quarter")
    name.press("Enter")
    work.comes_to("list(bench.ablation.pinned)", lambda pinned: pinned == ["start", "quarter"])
    table.get_by_label("Hold others against quarter").check()
    expect(table.get_by_role("row", name="quarter")).to_contain_text("reference")
    plot = work.find(".vtk-pareto")
    plot.get_by_role("button", name="start").hover()
    expect(plot.locator(".vtk-pareto-tip")).to_contain_text("bipartite_merge keep=0.5")
    table.get_by_role("button", name="Remove quarter").click()
    work.comes_to(
        "[*bench.ablation.pinned, bench.ablation.reference]", lambda p: p == ["start"] * 2
    )


def test_the_attention_tab_is_stopped_and_made_at_the_next_look(work, screenshot):
    bench = work.find(".vtk-workbench")
    panel = bench.get_by_label("Attention", exact=True)
    tabs = bench.get_by_role("tablist")
    work.do(SLOW)
    tabs.get_by_role("tab", name="Attention").click()
    expect(panel).to_contain_text("Being made")
    expect(bench.locator(".vtk-jobs .vtk-job-text")).to_have_text("weights 25 %")
    assert work.value("6 * 7") == 42  # the kernel is free
    bench.locator(".vtk-jobs").get_by_role("button", name="Stop").click()
    expect(panel).to_contain_text("Stopped.")
    work.do("door.load = load")
    tabs.get_by_role("tab", name="Compare recipes").click()
    tabs.get_by_role("tab", name="Attention").click()
    panel.locator(".vtk-attention[data-ready=true]").wait_for()
    screenshot(work.page, "workbench_attention")
    tabs.get_by_role("tab", name="Compare recipes").click()


def test_a_page_without_a_kernel_shows_it_all(work, lab, open_file, screenshot):
    work.do("bench.to_html('bench.html')")
    page = open_file(lab.root / "bench.html")
    bench = page.locator(".vtk-workbench")
    page.locator(".vtk-token-map[data-ready=true]").wait_for()
    page.locator(".vtk-ablation-bench[data-ready=true]").wait_for()
    expect(bench.get_by_role("region", name="Answer")).to_contain_text("1.50\u20133.00 s")
    bench.get_by_role("button", name="Frame 6 at 2.50 s").click()
    expect(bench.locator(".vtk-frame-player [role=status]")).to_contain_text("2.50")
    bench.get_by_label("Keep", exact=True).fill("0.125")
    expect(bench.locator(".vtk-token-map [role=status]")).to_contain_text("24 of 192")
    assert bench.get_by_label("Question", exact=True).is_disabled()
    screenshot(page, "workbench_page")
