"""A widget's page inside another page gets the height that it needs."""

import html

import vtk_widgets
from vtk_widgets import page

from .harness.chromium import until
from .harness.made import film


def test_a_frame_becomes_as_high_as_its_page(open_file, tmp_path):
    from pathlib import Path

    script = Path(__file__).parents[2] / "docs" / "_static" / "frames.js"
    inner = page([vtk_widgets.FramePlayer.of(film())], tmp_path / "inner.html", "Player")
    outer = tmp_path / "outer.html"
    outer.write_text(
        f"<script>{script.read_text('utf-8')}</script><iframe class='vtk-page' width='800' "
        f'srcdoc="{html.escape(inner.read_text("utf-8"))}"></iframe>',
        encoding="utf-8",
    )
    shown = open_file(outer)
    frame = shown.frame_locator("iframe")
    frame.locator(".vtk-frame-player[data-ready=true]").wait_for()
    body, box = frame.locator("body"), shown.locator("iframe")
    needed = lambda: body.evaluate("(body) => body.scrollHeight")  # noqa: E731
    until(shown, lambda: abs(box.bounding_box()["height"] - needed()) < 20)
