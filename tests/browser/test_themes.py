"""Text can be read on light and on dark ground, in JupyterLab and on a page."""

import pytest
from playwright.sync_api import expect

from .harness.chromium import until
from .harness.contrast import too_faint
from .harness.shown import pixels


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"])
def themed_lab(in_lab, request):
    in_lab.notebook.ask("theme", request.param)
    dark = "Dark" in request.param
    body = in_lab.page.locator("body")
    expect(body).to_have_attribute("data-jp-theme-light", str(not dark).lower())
    yield in_lab
    in_lab.notebook.ask("theme", "JupyterLab Light")
    expect(body).to_have_attribute("data-jp-theme-light", "true")


@pytest.fixture(params=["light", "dark"])
def themed_page(on_page, request):
    on_page.page.emulate_media(color_scheme=request.param)
    return on_page


@pytest.fixture(params=["themed_lab", "themed_page"])
def themed(request):
    return request.getfixturevalue(request.param)


def test_every_text_in_jupyterlab_can_be_read(themed_lab, screenshot, request):
    themed_lab.keep.fill("0.9")  # brings up an error message
    themed_lab.token_map.get_by_role("alert").filter(has_text="ValueError").wait_for()
    themed_lab.timeline.get_by_role("button", name="prediction 1").click()
    themed_lab.sheet.click(position=themed_lab.find_cell()[0])
    themed_lab.tip.wait_for()
    screenshot(themed_lab.page, request.node.callspec.id.lower().replace(" ", "_"))
    for widget in (themed_lab.player, themed_lab.timeline, themed_lab.token_map):
        assert too_faint(widget) == {}


def test_every_text_on_a_page_can_be_read(themed_page, screenshot, request):
    themed_page.sheet.click(position=themed_page.find_cell()[0])
    themed_page.tip.wait_for()
    screenshot(themed_page.page, f"page_{request.node.callspec.id}")
    assert too_faint(themed_page.root) == {}


def test_a_theme_changed_later_repaints_the_canvases(in_lab):
    before = pixels(in_lab.sheet)
    in_lab.page.evaluate(
        "document.body.style.setProperty('--jp-ui-font-color1', '#c00');"
        "document.body.setAttribute('data-theme', 'other')"
    )
    until(in_lab.page, lambda: (before != pixels(in_lab.sheet)).any())
    in_lab.page.evaluate("document.body.removeAttribute('style')")
