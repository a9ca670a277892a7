"""The paper atlas: filter, walk, open and run a system, by mouse and by keys."""

import re

import pytest
from playwright.sync_api import expect

from .harness.made import HOSTILE
from .harness.shown import says

DEMO = """
from vtk_notebooks import papers
from vtk_notebooks.papers import Demo
from vtk_widgets import PaperAtlas
import threading
go = threading.Event()
def run_demo(key, film, query, *, store, progress):
    progress("encode conse", 1, 4)
    while not go.wait(0.05):
        progress("encode conse", 1, 4)
    if query == "fail":
        raise RuntimeError(%r)
    return Demo({"tokens_after": 305.0}, seconds=1.5)
papers.run_demo = run_demo
rows = [papers.table._row(key) for key in ("longvlm", "lita")]
papers.atlas = lambda: rows  # all of them would import all their demos
atlas = PaperAtlas.of("film.mp4", "a dog")
atlas
"""


@pytest.fixture
def atlas(open_file, tmp_path):
    from vtk_widgets import PaperAtlas

    opened = open_file(PaperAtlas.of().to_html(tmp_path / "atlas.html", "Atlas"))
    opened.locator(".vtk-paper-atlas[data-ready=true]").wait_for()
    return opened.locator(".vtk-paper-atlas")


def test_filters_and_search_work_without_a_kernel(atlas, screenshot):
    says(atlas, "of 115 systems work here")
    atlas.get_by_role("searchbox").fill("2404.03384")
    expect(atlas.locator(".vtk-card strong")).to_have_text(["LongVLM"])
    expect(atlas.locator(".vtk-map .vtk-tile:not(.vtk-out)")).to_have_count(1)
    atlas.get_by_role("searchbox").press("Escape")
    atlas.get_by_role("button", name="Planned", exact=True).click()
    atlas.get_by_role("button", name="Only generation").click()
    says(atlas, "15 match, 0 of 15 work")
    screenshot(atlas.page, "atlas_filtered")


def test_keys_walk_the_map_open_a_system_and_find_another(atlas):
    atlas.get_by_role("button", name=re.compile("X-Pool, compressors, 2022")).focus()
    atlas.page.keyboard.press("ArrowRight")
    says(atlas, "EVAD (2023)")
    atlas.page.keyboard.press("Enter")
    detail = atlas.get_by_role("region", name="One system")
    expect(detail.get_by_role("heading", name="EVAD")).to_be_visible()
    link = detail.get_by_role("link", name="Read it")
    expect(link).to_have_attribute("href", "https://arxiv.org/abs/2304.08451")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    atlas.page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    atlas.page.keyboard.press("/")
    expect(atlas.get_by_role("searchbox")).to_be_focused()


def test_a_demo_runs_beside_the_kernel_and_its_value_comes_to_python(scratch, screenshot):
    notebook = scratch([DEMO % HOSTILE])
    atlas = notebook.find(".vtk-paper-atlas")
    atlas.get_by_role("button", name=re.compile("LongVLM, compressors")).click()
    atlas.get_by_label("question").fill("a cat")
    atlas.get_by_role("button", name="Run LongVLM").click()
    expect(atlas.locator(".vtk-job-text")).to_have_text("encode conse 25 %")
    notebook.do("go.set()")
    expect(atlas.locator(".vtk-outcome")).to_contain_text("“a cat” in film.mp4, 1.5 s")
    assert notebook.value("atlas.result.numbers") == {"tokens_after": 305.0}
    atlas.get_by_role("button", name="Show code").click()
    expect(atlas.locator("pre")).to_contain_text('name="LongVLM"')
    atlas.get_by_label("question").fill("fail")
    atlas.get_by_role("button", name="Run LongVLM").click()
    expect(atlas.get_by_role("alert")).to_contain_text("RuntimeError: <img src=x")
    assert notebook.page.evaluate("window.executed") is None
    screenshot(notebook.page, "atlas_in_lab")
    notebook.do("go.clear()")
    atlas.get_by_role("button", name="Run LongVLM").click()
    atlas.get_by_role("button", name="Stop").click()
    expect(atlas.get_by_role("alert")).to_have_text("Stopped.")
    notebook.do("go.set(); atlas.close()")
