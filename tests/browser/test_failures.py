"""Displays never raise: what fails in the browser is a panel that can be read."""

import pytest
from playwright.sync_api import expect

from vtk_widgets import MomentTimeline, TokenMap, page

from .harness.every import PLAIN, TEXTS, moment_timeline, token_map

BROKEN = [{"label": "broken", "grid": None, "times_s": None}]


@pytest.fixture
def failing_page(window, tmp_path):
    """A page that may complain in its console, as it should."""
    opened = window.new_page()

    def open_(*widgets):
        opened.goto(page(widgets, tmp_path / "page.html", "Failing").as_uri())
        return opened

    yield open_
    opened.close()


def test_a_widget_that_cannot_be_drawn_says_why_and_its_neighbour_lives_on(failing_page):
    broken: MomentTimeline = moment_timeline(PLAIN)
    broken._esm = broken._esm.replace(
        "async function render(", "async function render() { throw new Error('<b>no</b>'); }\n"
        "async function unused(", 1
    )  # fmt: skip
    shown = failing_page(broken, token_map(PLAIN))
    told = shown.get_by_role("alert").filter(has_text="could not be drawn")
    expect(told).to_contain_text("Error: <b>no</b>")
    expect(shown.locator(".vtk-token-map")).to_have_attribute("data-ready", "true")


def test_a_later_failure_stands_above_the_widget_until_it_is_drawn_again(scratch, watch):
    notebook = scratch(["from every import *; import vtk_widgets; w = token_map(PLAIN)", "w"])
    root = notebook.find(".vtk-token-map")
    expect(root).to_have_attribute("data-ready", "true")
    notebook.do(f"good = w.panes; w.panes = {BROKEN!r} * 2")
    told = notebook.find(".vtk-panel")
    expect(told).to_contain_text("could not be drawn again")
    expect(told).to_contain_text("TypeError")
    notebook.do("w.panes = good")
    expect(told).to_have_count(0)
    assert all("TypeError" in error for error in watch.errors)
    watch.errors.clear()


def test_a_widget_whose_display_fails_in_python_leaves_a_panel(scratch):
    broken = "class Broken(vtk_widgets.Selection):\n    def __repr__(self): raise ValueError('<b>')"
    notebook = scratch(["import vtk_widgets", broken, "Broken()"])
    told = notebook.find("[role=alert]")
    expect(told).to_contain_text("Broken could not be displayed.")
    expect(told).to_contain_text("ValueError: <b>")


def test_a_host_that_hands_out_no_signal_gets_a_way_to_close(open_file, tmp_path):
    shown = open_file(page([TokenMap()], tmp_path / "page.html", TEXTS["bidi"]))
    closes = shown.evaluate(
        """async () => {
            const state = document.querySelector("#vtk-state").textContent;
            const { models, modules } = JSON.parse(state);
            const source = new Blob([modules[models.m0.module]], { type: "text/javascript" });
            const { default: widget } = await import(URL.createObjectURL(source));
            const model = { get: (k) => models.m0.state[k], set() {}, on() {}, off() {} };
            const el = document.createElement("div");
            const host = { getModel: async () => ({ ...model, get: (k) => models.m1.state[k] }) };
            return typeof await widget.render({ model, el, host });
        }"""
    )
    assert closes == "function"
