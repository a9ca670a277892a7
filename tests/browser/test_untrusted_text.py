"""Questions, captions and names come from anywhere: they are shown as text and never run."""

import pytest
from playwright.sync_api import expect

from vtk_widgets import page

from .harness.made import HOSTILE, linked
from .harness.shown import Shown, says

TEXTS = {"label": HOSTILE, "question": HOSTILE, "seen": HOSTILE}
IN_LAB = [
    "from made import *",
    f"it = linked(**{TEXTS!r})",
    "display(it.player, it.timeline, it.token_map, it.selection)",
]


@pytest.fixture
def hostile_in_lab(scratch):
    notebook = scratch(IN_LAB)
    return Shown(notebook.page, notebook.root, notebook).ready()


@pytest.fixture
def hostile_on_page(open_file, tmp_path):
    it = linked(**TEXTS)
    rows = {HOSTILE: [it.player, it.timeline], "tokens": it.token_map, "selected": it.selection}
    opened = open_file(page(rows, tmp_path / "page.html", title=HOSTILE))
    return Shown(opened, opened.locator("body")).ready()


@pytest.fixture(params=["hostile_in_lab", "hostile_on_page"])
def hostile(request):
    return request.getfixturevalue(request.param)


def test_markup_in_texts_is_shown_and_not_run(hostile):
    expect(hostile.timeline.locator(".vtk-question")).to_have_text(HOSTILE)
    expect(hostile.timeline.get_by_role("button", name=HOSTILE)).to_contain_text(HOSTILE)
    expect(hostile.token_map.locator(".vtk-heading strong")).to_have_text(HOSTILE)
    hostile.sheet.hover(position=hostile.find_cell()[0])
    says(hostile.token_map, HOSTILE)
    assert hostile.page.evaluate("window.executed") is None
    assert hostile.root.locator("img[src=x]").count() == 0


def test_markup_in_a_title_is_shown_and_not_run(hostile_on_page):
    expect(hostile_on_page.page).to_have_title(HOSTILE)
    expect(hostile_on_page.root.locator("h1")).to_have_text(HOSTILE)
    expect(hostile_on_page.root.locator("h2").first).to_have_text(HOSTILE)
