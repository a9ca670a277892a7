"""The error browser: bars filter, rows open, and ten thousand questions do not slow it down."""

import numpy as np
import pytest
from playwright.sync_api import expect

from vtk_notebooks.moment import Moment

from .harness.made import HOSTILE
from .harness.shown import says

# What a click on a bar costs until all is painted, in milliseconds.
CLICK_MS = """async (bar) => {
    const start = performance.now();
    bar.click();
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - start;
}"""
LAB = """
from made import *
from vtk_widgets import ErrorBrowser, Selection
truths = [[Moment(1.0, 2.0, text=HOSTILE)], [Moment(2.0, 3.0, text="second")]]
selection, told = Selection(), []
browser = ErrorBrowser.of(
    {"ours": [truths[0], []], "base": [[], truths[1]]}, truths,
    film=lambda name: film(), selection=selection,
    on_open=lambda query, clip: told.append((query["id"], len(clip))),
)
display(browser, selection)
"""


@pytest.fixture
def long_page(open_file, tmp_path):
    from vtk_widgets import ErrorBrowser

    rng = np.random.default_rng(0)
    starts = rng.uniform(0, 90, 10_000)
    truths = [[Moment(a, a + 8.0, text=f"thing {n}")] for n, a in enumerate(starts.tolist())]
    shift = rng.normal(0, 6, 10_000).clip(-20, 20).tolist()
    said = [
        [Moment(max(0.0, t.start_s + s), t.end_s + 20)]
        for (t,), s in zip(truths, shift, strict=True)
    ]
    opened = open_file(ErrorBrowser.of({"made": said}, truths).to_html(tmp_path / "e.html", "E"))
    opened.locator(".vtk-error-browser[data-ready=true]").wait_for()
    return opened.locator(".vtk-error-browser")


def test_ten_thousand_questions_are_filtered_and_walked_without_a_kernel(long_page, capsys):
    says(long_page, "10,000 questions")
    rows = long_page.locator("[data-row]")
    assert rows.count() < 40
    bar = long_page.get_by_role("button", name="too long:")
    spent_ms = bar.evaluate(CLICK_MS)
    says(long_page, "of 10,000 questions: 0.0 % hits")
    with capsys.disabled():
        print(f"\n[10,000 questions are filtered and drawn in {spent_ms:.0f} ms]")
    long_page.get_by_role("searchbox").fill("thing 777")
    expect(rows.first).to_contain_text("777")
    long_page.get_by_role("button", name="Query").click()
    long_page.get_by_role("grid").focus()
    long_page.page.keyboard.press("End")
    expect(long_page.locator(".vtk-cursor")).to_contain_text("777")
    long_page.page.keyboard.press("Enter")
    expect(long_page.get_by_role("region", name="One question")).to_contain_text("truth")
    long_page.page.keyboard.press("Escape")
    expect(long_page.get_by_role("region", name="One question")).to_be_hidden()
    long_page.page.keyboard.press("Escape")
    says(long_page, "10,000 questions:")


def test_a_row_selects_its_moment_opens_the_film_and_is_a_value_in_python(scratch, screenshot):
    notebook = scratch([LAB])
    browser = notebook.find(".vtk-error-browser")
    browser.locator("[data-row]").filter(has_text="second").click()
    says(notebook.find(".vtk-selection"), "2.00 s · moment 2.00")
    expect(browser.get_by_role("img", name="Frame at")).to_have_count(4)
    notebook.comes_to("told", lambda told: told == [["1", 4]])
    assert notebook.value("browser.query['end']") == "not found"
    browser.get_by_role("button", name="base", exact=True).click()
    notebook.comes_to("browser.query['end']", lambda end: end == "hit")
    browser.get_by_role("button", name="hit:").nth(1).click()
    says(browser, "base · 1 of 2 questions: 100.0 % hits")
    screenshot(notebook.page, "errors_in_lab")
    browser.get_by_role("button", name="Show all").click()
    browser.locator("[data-row]").filter(has_text="<img src=x").click()
    expect(browser.get_by_role("heading")).to_have_text(HOSTILE)
    assert notebook.page.evaluate("window.executed") is None
    notebook.do("browser.close()")
