"""Take README's pictures: `make demo`, then `.venv/bin/python docs/make_picture.py`."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from vtk_notebooks import Moment, Store
from vtk_widgets import Workbench

ROOT = Path(__file__).parents[1]
OUT, PICTURES = ROOT / "out", ROOT / "docs" / "images"
WIDE, TALL = 1240, 1180


def start(page: Page) -> None:
    """The start page, with a cell pointed at."""
    page.goto((OUT / "start.html").as_uri())
    for kind in ("frame-player", "moment-timeline", "token-map"):
        page.wait_for_selector(f".vtk-{kind}[data-ready=true]")
    sheet = page.locator(".vtk-token-map canvas").first.bounding_box()
    if sheet:
        page.mouse.move(sheet["x"] + 0.36 * sheet["width"], sheet["y"] + 0.52 * sheet["height"])
    page.wait_for_timeout(400)
    page.screenshot(path=PICTURES / "start.png")


def bench_page() -> Path:
    """The workbench after its tokens were halved, as a page without a kernel."""
    truth = [Moment(4.2, 5.44, text="the cyclist is in view")]
    store = Store(OUT / "store")
    bench = Workbench.of("bikes", "a person riding a bicycle", truth=truth, store=store, out=OUT)
    bench.keep(0.125)
    bench.selection.time_s = 4.9
    return bench.to_html(OUT / "workbench.html")


def workbench(page: Page) -> None:
    """That page, whole."""
    page.goto((OUT / "workbench.html").as_uri())
    page.wait_for_selector(".vtk-workbench[data-ready=true]")
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / "workbench.png", full_page=True)


bench_page()  # first: Playwright's loop would be taken for a notebook's
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
    )
    PICTURES.mkdir(exist_ok=True)
    for take in (start, workbench):
        take(browser.new_page(viewport={"width": WIDE, "height": TALL}))
    browser.close()
