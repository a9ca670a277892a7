"""What holds for every widget, on a page from file:// and in JupyterLab; see `harness/every.py`."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

import vtk_widgets
from vtk_widgets import page
from vtk_widgets._base import Widget

from .harness.barriers import barriers
from .harness.chromium import until
from .harness.every import MAKERS, PLAIN, TEXTS
from .harness.pictures import difference, picture

FREED = (Path(__file__).parent / "harness" / "freed.js").read_text(encoding="utf-8")
ROOTS = "main .vtk[data-ready=true]"
LEFT = """() => ({
    roots: taken.roots.filter((ref) => ref.deref()).length,
    bitmaps: taken.bitmaps.filter((ref) => ref.deref()?.width).length,
    observers: taken.observers,
    listeners: Object.values(heard).reduce((sum, { size }) => sum + size, 0),
})"""
# Elements that hide a part of themselves without a title that says it whole.
CUT = """(root) => [...root.querySelectorAll("*")].filter((e) => {
    const { overflowX, overflowY } = getComputedStyle(e);
    if (e.closest(".vtk-hidden") || !e.checkVisibility()) return false;
    const [wide, tall] = [e.scrollWidth > e.clientWidth + 1, e.scrollHeight > e.clientHeight + 1];
    const cut = (wide && ["hidden", "clip"].includes(overflowX))
        || (tall && ["hidden", "clip"].includes(overflowY));
    return cut && e.clientWidth && !e.title && !e.querySelector("[title]");
}).map((e) => e.outerHTML.slice(0, 200))"""
# Texts that could turn around what stands beside them.
TURNING = """(root) => [...root.querySelectorAll("*")].filter((e) => {
    const texts = [...e.childNodes].filter((n) => n.nodeType === 3);
    const own = texts.some((n) => n.textContent.includes("\\u202e"));
    const { display, unicodeBidi } = getComputedStyle(e);
    return own && display === "inline" && !unicodeBidi.startsWith("isolate");
}).map((e) => e.outerHTML.slice(0, 200))"""

MORE_WITH_A_KERNEL = {"Workbench"}
"""Widgets some of whose controls a page without a kernel leaves out, so that the rest moves up."""

every = pytest.mark.parametrize("name", list(MAKERS))


@pytest.fixture
def opened(open_file, tmp_path):
    """`opened(name)` shows one widget on a page of its own and gives its root."""

    def open_(name, text=PLAIN):
        shown = open_file(page([MAKERS[name](text)], tmp_path / "page.html", name))
        root = shown.locator(ROOTS).first
        root.wait_for()
        return root

    return open_


def test_every_widget_has_a_maker():
    exported = vars(vtk_widgets).values()
    names = {w.__name__ for w in exported if isinstance(w, type) and issubclass(w, Widget)}
    assert names == set(MAKERS), "add it to tests/browser/harness/every.py"


def looks_like(root, wanted, most):
    """Wait until a widget's picture differs from another one by less than `most` of 255."""
    until(root.page, lambda: difference(wanted, picture(root)) < most)


@every
def test_it_keeps_nobody_out_and_looks_the_same_after_a_change_of_theme(opened, name):
    root = opened(name)
    light = picture(root)
    assert barriers(root) == {}
    root.page.emulate_media(color_scheme="dark")
    until(root.page, lambda: difference(light, picture(root)) > 5)
    assert barriers(root) == {}
    root.page.emulate_media(color_scheme="light")
    looks_like(root, light, 0.5)


@every
def test_at_200_percent_everything_is_there(opened, name, chromium, tmp_path):
    path = page([MAKERS[name](PLAIN)], tmp_path / "page.html", name)
    zoomed = chromium.new_page(viewport={"width": 640, "height": 512}, device_scale_factor=2)
    zoomed.goto(path.as_uri())
    root = zoomed.locator(ROOTS).first
    root.wait_for()
    try:
        assert zoomed.evaluate("document.documentElement.scrollWidth") <= 640
        assert root.evaluate(CUT) == []
    finally:
        zoomed.close()


@every
def test_closing_it_frees_what_it_took(opened, name):
    shown = opened(name).page
    shown.evaluate(FREED, ["m0"])
    collect = shown.context.new_cdp_session(shown)

    def freed():
        collect.send("HeapProfiler.collectGarbage")
        return not any(shown.evaluate(LEFT).values())

    try:
        until(shown, freed, 3)
    except AssertionError:
        pytest.fail(f"left behind by three views: {shown.evaluate(LEFT)}")


@every
@pytest.mark.parametrize("tries", list(TEXTS))
def test_texts_nobody_should_trust_stay_texts(opened, name, tries):
    root = opened(name, TEXTS[tries])
    assert root.page.evaluate("window.executed") is None
    assert root.locator("img, script").count() == 0
    assert root.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")
    assert root.evaluate("(e) => e.offsetHeight") < 4000
    assert root.evaluate(TURNING) == []


def test_a_text_that_could_turn_its_neighbours_is_noticed(window):
    shown = window.new_page()
    shown.set_content("<p>one <b>\u202etwo</b> three</p>")
    (found,) = shown.locator("body").evaluate(TURNING)
    assert found.startswith("<b>")
    shown.close()


# -- in JupyterLab: all of them in one notebook --------------------------------------------------


def cells(text):
    make = f"from every import MAKERS; made = [make({text!r}) for make in MAKERS.values()]"
    return [make, *(f"made[{i}]" for i in range(len(MAKERS)))]


def roots(notebook):
    """The root of each widget, by its name, once all have painted."""
    outputs = notebook.find(".jp-Cell").all()[1:]
    found = {
        name: out.locator(".vtk:not(.vtk-panel)").first
        for name, out in zip(MAKERS, outputs, strict=True)
    }
    for root in found.values():
        root.scroll_into_view_if_needed()
        expect(root).to_have_attribute("data-ready", "true")
    return found


def test_in_jupyterlab_they_keep_nobody_out_and_look_as_on_a_page(scratch, opened):
    notebook = scratch(cells(PLAIN))
    font = notebook.page.evaluate(
        "getComputedStyle(document.body).getPropertyValue('--jp-ui-font-family')"
    )
    for name, live in roots(notebook).items():
        assert barriers(live) == {}, name
        width = live.evaluate("(e) => e.parentElement.clientWidth")
        static = opened(name)
        static.page.evaluate(
            """([width, font]) => {
                document.querySelector("[data-model]").style.width = `${width}px`;
                document.documentElement.style.setProperty("--jp-ui-font-family", font);
            }""",
            [width, font],
        )
        seen = picture(live)
        assert seen.std() > 1, name
        if name not in MORE_WITH_A_KERNEL:
            looks_like(static, seen, 5)


@pytest.mark.parametrize("tries", list(TEXTS))
def test_in_jupyterlab_texts_stay_texts(scratch, tries):
    notebook = scratch(cells(TEXTS[tries]))
    for root in roots(notebook).values():
        assert root.locator("img, script").count() == 0
        assert root.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")
    assert notebook.page.evaluate("window.executed") is None


def test_a_restarted_kernel_leaves_them_readable_and_a_rerun_brings_them_back(open_notebook):
    notebook = open_notebook(cells(PLAIN))
    before = {name: picture(root) for name, root in roots(notebook).items()}
    notebook.ask("restart")
    gone = notebook.find(".vtk-panel").get_by_text("The kernel of this widget is gone.")
    expect(gone).to_have_count(len(MAKERS))
    for name, root in roots(notebook).items():
        looks_like(root, before[name], 5)
        for control in root.locator("button:enabled, input:enabled").all()[:3]:
            control.press("ArrowRight")  # nothing of it may end in the console
    notebook.run()
    expect(gone).to_have_count(0)
    for name, root in roots(notebook).items():
        looks_like(root, before[name], 5)
