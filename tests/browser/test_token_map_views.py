"""The token map's further views: baselines, weights, the window, pages, and how long they take."""

import re

import numpy as np
import torch
from playwright.sync_api import expect

from vtk_notebooks.clip import Clip
from vtk_notebooks.tokens import Tokens
from vtk_widgets import Selection, TokenMap, page

from .harness.chromium import until
from .harness.made import HOSTILE, dropped, film, found, linked, merged
from .harness.shown import Shown, patches, pixels, says

SLIDE_MS = """async (root) => {
    const slider = root.querySelector("[aria-label=Keep]");
    const [asked, real] = [[], window.requestAnimationFrame];
    window.requestAnimationFrame = (paint) => asked.push(paint);
    const pen = root.querySelector("canvas").getContext("2d");
    const spent = [];
    for (let i = 0; i < 12; i++) {
        const start = performance.now();
        slider.value = i % 2 ? 0.25 : 0.5;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        asked.splice(0).forEach((paint) => paint(performance.now()));
        pen.getImageData(0, 0, 1, 1);
        spent.push(performance.now() - start);
    }
    window.requestAnimationFrame = real;
    return spent.slice(2).sort((a, b) => a - b);
}"""
KERNEL_MS = """(root, keep) => new Promise((tell) => {
    const slider = root.querySelector("[aria-label=Keep]");
    const status = root.querySelector("[role=status]");
    const wanted = `${Math.round(keep * 4096)} of 4096`;
    const start = performance.now();
    const watch = new MutationObserver(() => {
        if (!status.textContent.includes(wanted)) return;
        watch.disconnect();
        tell(performance.now() - start);
    });
    watch.observe(status, { childList: true, characterData: true, subtree: true });
    slider.value = keep;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
})"""
COUNT_DRAWS = """() => {
    window.drawn = new Set();
    const all = [...document.querySelectorAll("canvas")];
    all.forEach((canvas, i) => new MutationObserver(() => drawn.add(i))
        .observe(canvas, { attributes: true, attributeFilter: ["width"] }));
}"""


def test_a_baseline_is_one_key_away_and_keeps_as_many(shown, screenshot, request):
    shown.sheet.focus()
    shown.page.keyboard.press("r")
    says(shown.token_map, "Random tokens: 72 of 288 tokens (25 %)")
    shown.page.keyboard.press("u")
    says(shown.token_map, "Uniform tokens: 72 of 288 tokens (25 %)")
    shown.keep.fill("0.5")
    says(shown.token_map, "Uniform tokens: 144 of 288 tokens (50 %)")
    screenshot(shown.page, f"baseline_{request.node.callspec.id}")
    shown.token_map.get_by_role("button", name="Uniform").click()
    expect(shown.token_map.locator(".vtk-heading")).to_have_count(1)


def test_two_maps_on_one_selection_light_up_together(open_file, tmp_path):
    selection = Selection()
    maps = [TokenMap.of(found(m), selection=selection) for m in (merged(0.25), dropped(0.5))]
    opened = open_file(page(maps, tmp_path / "two.html", "Two maps"))
    ready = opened.locator(".vtk-token-map[data-ready=true]")
    ready.nth(1).wait_for()
    before = pixels(ready.nth(1).locator("canvas"))
    ready.nth(0).locator("canvas").hover(position={"x": 10, "y": 60})
    expect(ready.nth(0).locator(".vtk-tip")).to_contain_text("speaks for 4 cells in 4 frames")
    expect(ready.nth(1).locator(".vtk-tip")).to_contain_text("speaks for 1 cell")
    assert len(patches(before, pixels(ready.nth(1).locator("canvas")))) == 1


def test_frames_outside_the_window_fade(open_file, tmp_path):
    it = linked()
    it.selection.window = (2.0, 4.0)
    opened = open_file(page([it.token_map], tmp_path / "window.html", "Window"))
    shown = Shown(opened, opened.locator("body"))
    shown.token_map.and_(opened.locator("[data-ready=true]")).wait_for()
    faded = pixels(shown.sheet)
    whole = linked().token_map.to_html(tmp_path / "whole.html")
    other = open_file(whole)
    other.locator(".vtk-token-map[data-ready=true]").wait_for()
    changed = (pixels(other.locator("canvas")) != faded).any(-1)[42:]
    rows = [bool(row.mean() > 0.3) for row in np.array_split(changed, 3)]
    assert rows == [True, False, True]  # of twelve frames, four in a row, the middle ones are in it


def test_a_word_shows_where_it_looks_and_another_one_elsewhere(open_file, tmp_path, screenshot):
    weights = torch.zeros(2, 72)
    weights[0, :36], weights[1, 36:] = 1, 1
    run = found(merged(0.25))
    shown_map = TokenMap.of(run, weights=weights, words=("square", HOSTILE))
    opened = open_file(page([shown_map], tmp_path / "weights.html", "Weights"))
    root = opened.locator(".vtk-token-map[data-ready=true]")
    root.wait_for()
    before = pixels(root.locator("canvas"))
    expect(root.get_by_text("part of the weight of “square”, up to 0.7 %")).to_be_visible()
    root.locator("canvas").hover(position={"x": 20, "y": 60})
    expect(root.locator(".vtk-tip")).to_contain_text("“square”: 0.7 % of its weight")
    root.get_by_label("Weights of").select_option(HOSTILE)
    expect(root.locator(".vtk-legend")).to_contain_text(HOSTILE[:30])  # cut
    until(opened, lambda: (before != pixels(root.locator("canvas"))).mean() > 0.3)
    screenshot(opened, "weights")


def long_film(t, h=4, w=6):
    """A film of so many frames, each token four frames long."""
    tokens = Tokens.from_grid(torch.zeros(t, h, w, 1), torch.arange(t) * 0.5)
    group = (torch.arange(t)[:, None, None] // 4) * h * w + torch.arange(h * w).view(1, h, w)
    small = film()
    frames = small.frames.repeat(-(-t // len(small)), axis=0)[:t]
    return tokens, group.flatten(), Clip(frames, np.arange(t) * 0.5, small.origin)


def test_more_frames_than_fit_are_on_pages_that_follow_the_time(open_file, tmp_path, screenshot):
    tokens, group, clip = long_film(900)
    selection = Selection()
    token_map = TokenMap.of((tokens.regroup(group), clip), selection=selection, max_width=48)
    opened = open_file(page([token_map], tmp_path / "long.html", "Long"))
    root = opened.locator(".vtk-token-map[data-ready=true]")
    root.wait_for()
    pager = root.locator(".vtk-pager")
    expect(pager).to_contain_text(re.compile(r"showing frames 1\S\d+ of 512"))
    says(root, "512 of 900 frames sent")
    pager.get_by_label("Later frames").click()
    expect(pager).not_to_contain_text(re.compile(r"frames 1\D"))
    root.locator("canvas").focus()
    opened.keyboard.press("ArrowRight")  # the walk begins in the first frame
    expect(pager).to_contain_text(re.compile(r"frames 1\D"))
    opened.keyboard.press("End")
    expect(pager).to_contain_text(re.compile(r"\D512 of 512"))
    screenshot(opened, "pages")


def test_of_twenty_maps_only_those_in_sight_draw_again(open_file, tmp_path):
    selection = Selection()
    maps = [TokenMap.of(found(merged(0.25)), selection=selection) for _ in range(20)]
    opened = open_file(page(maps, tmp_path / "many.html", "Many"))
    opened.locator(".vtk-token-map[data-ready=true]").nth(19).wait_for()
    canvases = opened.locator("canvas")
    opened.evaluate(COUNT_DRAWS)
    opened.set_viewport_size({"width": 900, "height": 1400})  # every one of them has to be redone
    until(opened, lambda: opened.evaluate("drawn.has(0)"))
    opened.wait_for_timeout(300)
    assert not opened.evaluate("drawn.has(19)")
    canvases.nth(19).scroll_into_view_if_needed()
    until(opened, lambda: opened.evaluate("drawn.has(19)"))
    assert opened.evaluate("drawn.size") < 20


def test_how_long_a_budget_made_beforehand_takes(open_file, tmp_path, capsys):
    tokens, _, clip = long_film(16, 16, 16)
    n = len(tokens)

    def rerun(keep):
        return tokens.regroup(torch.arange(n) * round(keep * n) // n)

    token_map = TokenMap.of((rerun(0.25), clip), rerun=rerun, keeps=(0.5,))
    opened = open_file(page([token_map], tmp_path / "slide.html", "Slide"))
    root = opened.locator(".vtk-token-map[data-ready=true]")
    root.wait_for()
    spent_ms = root.evaluate(SLIDE_MS)
    says(root, "1024 of 4096 tokens (25 %)")
    with capsys.disabled():
        print(f"\n[{n} tokens: a budget made beforehand is drawn in {spent_ms[5]:.1f} ms]")


def test_how_long_a_budget_takes_through_the_kernel(scratch, capsys):
    cells = [
        "from made import *; import torch, vtk_widgets, time",
        "x = torch.randn(16, 16, 16, 8, generator=torch.Generator().manual_seed(0))\n"
        "t = Tokens.from_grid(x, torch.arange(16) * STEP_S)\n"
        "clip = Clip(film().frames[:1].repeat(16, axis=0), np.arange(16) * STEP_S, film().origin)\n"
        "cut = lambda keep: t.regroup(torch.arange(4096) * round(keep * 4096) // 4096)\n"
        "vtk_widgets.TokenMap.of((cut(0.25), clip), rerun=cut)",
    ]
    notebook = scratch(cells)
    root = notebook.find(".vtk-token-map")
    expect(root).to_have_attribute("data-ready", "true")
    spent_ms = sorted(root.evaluate(KERNEL_MS, keep) for keep in (0.31, 0.52, 0.73, 0.44, 0.65))
    says(root, "of 4096 tokens (65 %)")
    with capsys.disabled():
        print(f"\n[4096 tokens: another budget, through the kernel, takes {spent_ms[2]:.0f} ms]")
