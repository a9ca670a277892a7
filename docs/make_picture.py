"""Take README's picture: `make demo`, then `.venv/bin/python docs/make_picture.py`."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
PAGE, PICTURE = ROOT / "out" / "start.html", ROOT / "docs" / "images" / "start.png"
SIZE = {"width": 1240, "height": 1180}

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
    )
    page = browser.new_page(viewport=SIZE)  # pyright: ignore[reportArgumentType]
    page.goto(PAGE.as_uri())
    for kind in ("frame-player", "moment-timeline", "token-map"):
        page.wait_for_selector(f".vtk-{kind}[data-ready=true]")
    sheet = page.locator(".vtk-token-map canvas").first.bounding_box()
    if sheet:
        page.mouse.move(sheet["x"] + 0.36 * sheet["width"], sheet["y"] + 0.52 * sheet["height"])
    page.wait_for_timeout(400)
    PICTURE.parent.mkdir(exist_ok=True)
    page.screenshot(path=PICTURE)
    browser.close()
print(PICTURE)
