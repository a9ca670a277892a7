"""What holds for a page from file:// only; what it shares with JupyterLab is in the other files."""

import re

import pytest
import torch
from playwright.sync_api import expect

from vtk_notebooks.clip import Clip
from vtk_notebooks.tokens import Tokens
from vtk_widgets import TokenMap, page

from .harness.chromium import until
from .harness.made import film, linked
from .harness.shown import Shown, says

HIDE = "addEventListener('DOMContentLoaded', () => { document.body.style.display = 'none'; })"
# Runs what the widget wanted painted at once, and reads a pixel so that it really is.
REDRAW_MS = """(canvas) => {
    const [asked, real] = [[], window.requestAnimationFrame];
    window.requestAnimationFrame = (paint) => asked.push(paint);
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const pen = canvas.getContext("2d");
    const spent = Array.from({ length: 200 }, (_, i) => {
        const [x, y] = [(i * 0.618034) % 1, 0.1 + 0.9 * ((i * 0.754878) % 1)];
        const where = { clientX: left + x * width, clientY: top + y * height, bubbles: true };
        const start = performance.now();
        canvas.dispatchEvent(new PointerEvent("pointermove", where));
        asked.splice(0).forEach((paint) => paint(performance.now()));
        pen.getImageData(0, 0, 1, 1);
        return performance.now() - start;
    });
    window.requestAnimationFrame = real;
    return spent.sort((a, b) => a - b);
}"""


def test_widgets_with_selections_of_their_own_do_not_move_each_other(open_file, tmp_path):
    a, b = linked(), linked()
    opened = open_file(page([[a.player, b.player]], tmp_path / "page.html", "Two"))
    players = opened.locator(".vtk-frame-player")
    first, second = players.nth(0), players.nth(1)
    first.get_by_label("Time").fill("2")
    says(first, "2.00 / 6.00 s")
    says(second, "0.00 / 6.00 s")


def test_the_selection_itself_says_what_is_selected(open_file, tmp_path):
    it = linked()
    opened = open_file(page([it.timeline, it.selection], tmp_path / "page.html", "Said"))
    opened.get_by_role("button", name="prediction 1").click()
    says(opened.locator(".vtk-selection"), "2.50 s · moment 2.50")


def test_a_page_shows_what_was_selected_when_it_was_saved(open_file, tmp_path):
    it = linked()
    it.selection.time_s = 3.0
    it.token_map.keep = 0.5
    opened = open_file(page([it.player, it.token_map], tmp_path / "page.html", "As it stood"))
    says(opened.locator(".vtk-frame-player"), "3.00 / 6.00 s")
    says(opened.locator(".vtk-token-map"), "144 of 288 tokens")


def test_one_widget_saves_itself(open_file, tmp_path):
    opened = open_file(linked().timeline.to_html(tmp_path / "one.html", "One"))
    expect(opened.locator(".vtk-moment-timeline")).to_have_attribute("data-ready", "true")
    expect(opened).to_have_title("One")


def test_widgets_that_were_hidden_paint_when_they_are_shown(window, tmp_path):
    it = linked()
    widgets = [it.player, it.timeline, it.token_map, it.selection]
    path = page(widgets, tmp_path / "page.html", "Hidden")
    opened = window.new_page()
    opened.add_init_script(HIDE)
    opened.goto(path.as_uri())
    expect(opened.locator("html")).to_have_attribute("data-ready", "true")
    opened.evaluate("document.body.style.display = ''")
    Shown(opened, opened.locator("body")).ready()
    opened.close()


@pytest.mark.parametrize("width", [360, 768])
def test_nothing_sticks_out_of_a_narrow_window(on_page, width):
    on_page.page.set_viewport_size({"width": width, "height": 800})
    on_page.sheet.click(position={"x": 20, "y": 60})
    wide = "document.documentElement.scrollWidth"
    until(on_page.page, lambda: on_page.page.evaluate(wide) <= width)


def test_nothing_in_the_file_points_at_another_machine(tmp_path):
    text = page([linked().player], tmp_path / "page.html", "Alone").read_text()
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)


def test_how_long_pointing_takes_on_a_large_map(open_file, tmp_path, capsys):
    t, h, w = 64, 24, 24
    times_s = torch.arange(t) * 0.5
    group = (torch.arange(t)[:, None, None] // 4) * h * w + torch.arange(h * w).view(1, h, w)
    tokens = Tokens.from_grid(torch.zeros(t, h, w, 1), times_s).regroup(group.flatten())
    small = film()
    clip = Clip(small.frames.repeat(6, axis=0)[:t], times_s.double().numpy(), small.origin)
    opened = open_file(page([TokenMap.of((tokens, clip))], tmp_path / "page.html", "Large"))
    opened.locator(".vtk-token-map[data-ready=true]").wait_for()
    spent_ms = opened.locator(".vtk-token-map canvas").evaluate(REDRAW_MS)
    assert len(spent_ms) == 200
    with capsys.disabled():
        median, slow = spent_ms[100], spent_ms[190]
        print(f"\n[{t} x {h} x {w} cells: pointing redraws in {median:.1f} ms, 95 % in {slow:.1f}]")
