"""Fixtures that drive a real Chromium: over JupyterLab on loopback, and over pages from file://.

Everything ends when pytest leaves this package, not with the session: Playwright's sync API keeps
an event loop running in this thread, and the tests of notebooks elsewhere bring their own.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from .harness.chromium import Watch, launch
from .harness.lab import Lab, running
from .harness.notebook import IN_PAGE, Notebook, OpenNotebook, opening
from .harness.shown import Shown, says, says_now

RunCells = Callable[[list[str]], Notebook]
OpenFile = Callable[[Path], Page]
Screenshot = Callable[[Page, str], Path]

HERE = Path(__file__).parent
PATIENCE_MS = 10_000
SAVED_MS = 120  # by then the page has told Python what was last selected
expect.set_options(timeout=PATIENCE_MS)
DISPLAY = "display(it.player, it.timeline, it.token_map, it.selection)"
RESET = """
it.selection.pause()
it.selection.set_trait("_driver", "")
it.selection.time_s, it.selection.speed, it.selection.moment = 0.0, 1.0, ()
it.selection.window, it.timeline.view = (), ()
it.timeline.editing, it.timeline.edits = False, []
it.selection.cell, it.selection.token, it.selection.pinned = (-1, -1, -1), -1, False
it.token_map.keep, it.token_map.mode = 0.25, "groups"
it.token_map.fresh, it.token_map.message, it.token_map.rival = [{}], "", ""
it.selection.window = ()
it.asked.clear()
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder drives a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails leaves a picture of every page it held."""
    report = yield
    if report.when == "call" and report.failed and isinstance(item, pytest.Function):
        for page in _pages(item):
            with suppress(Error):  # a page that hangs must not hide why the test failed
                page.screenshot(path=_artifacts() / f"failed_{item.name}.png")
    return report


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A Chromium without a network."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def window(chromium: Browser) -> BrowserContext:
    """Where pages open, all of one size."""
    context = chromium.new_context(viewport={"width": 1300, "height": 1400})
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab server with folders of its own; notebooks import `made`, `red`, `every`."""
    with running(tmp_path_factory.mktemp("lab")) as lab:
        for name in ("made", "red", "every"):
            text = (HERE / "harness" / f"{name}.py").read_text()
            (lab.root / f"{name}.py").write_text(text.replace("from .", "from "))
        yield lab


@pytest.fixture(scope="package")
def _watched_lab(window: BrowserContext, lab: Lab) -> Iterator[tuple[Page, Watch]]:
    page = window.new_page()
    page.add_init_script(path=IN_PAGE)
    watch = Watch.over(page)
    page.goto(lab.url("lab"))
    page.wait_for_function("window.jupyterapp?.restored.then(() => true)", timeout=60_000)
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    yield page, watch
    page.close()


@pytest.fixture(scope="package")
def lab_page(_watched_lab: tuple[Page, Watch]) -> Page:
    """JupyterLab, loaded once; notebooks come and go in it."""
    return _watched_lab[0]


@pytest.fixture
def watch(_watched_lab: tuple[Page, Watch]) -> Iterator[Watch]:
    """What JupyterLab's page asks for and complains of; verified when the test is over."""
    _, watch = _watched_lab
    yield watch
    watch.verify()


@pytest.fixture
def open_notebook(lab: Lab, lab_page: Page, watch: Watch) -> Iterator[OpenNotebook]:
    """`open_notebook(cells)` gives a notebook that has run; it is closed after the test.

    Instead of cells it takes the path of a notebook, of which it runs a copy.
    """
    with opening(lab_page, lab.root) as open_:
        yield open_


@pytest.fixture(scope="package")
def _scratch(lab: Lab, lab_page: Page) -> Iterator[Notebook]:
    with opening(lab_page, lab.root) as open_:
        yield open_(["pass"])


@pytest.fixture
def scratch(_scratch: Notebook, watch: Watch) -> RunCells:
    """`scratch(cells)` is quicker: it runs in a notebook and a kernel that the tests share."""

    def rerun(cells: list[str]) -> Notebook:
        _scratch.ask("rewrite", cells)
        _scratch.run()
        return _scratch

    return rerun


@pytest.fixture(scope="package")
def _linked_notebook(lab: Lab, lab_page: Page) -> Iterator[Notebook]:
    with opening(lab_page, lab.root) as open_:
        yield open_(["from made import *", "it = linked()", DISPLAY])


@pytest.fixture
def in_lab(_linked_notebook: Notebook, watch: Watch) -> Iterator[Shown]:
    """The linked widgets in JupyterLab, with nothing selected; one notebook for all tests."""
    notebook = _linked_notebook
    notebook.ask("activate")
    notebook.page.mouse.move(0, 0)
    notebook.do(RESET)
    shown = Shown(notebook.page, notebook.root, notebook).ready()
    says(shown.selection, "0.00 s")
    says(shown.token_map, "72 of 288")
    yield shown
    if shown.player.get_by_label("Pause", exact=True).is_visible():
        shown.player.get_by_label("Pause", exact=True).click()
    notebook.page.wait_for_timeout(SAVED_MS)
    # A clock tells Python rarely: wait until both agree, or the next reset would change nothing.
    notebook.comes_to("it.selection.time_s", lambda t_s: says_now(shown.selection, f"{t_s:.2f} s"))


@pytest.fixture(scope="package")
def _linked_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from vtk_widgets import page

    from .harness.made import linked

    it = linked()
    path = tmp_path_factory.mktemp("page") / "linked.html"
    return page([it.player, it.timeline, it.token_map, it.selection], path, "Linked")


@pytest.fixture
def on_page(open_file: OpenFile, _linked_page: Path) -> Shown:
    """The linked widgets on a page of their own, from file://."""
    opened = open_file(_linked_page)
    return Shown(opened, opened.locator("body")).ready()


@pytest.fixture(params=["in_lab", "on_page"])
def shown(request: pytest.FixtureRequest) -> Shown:
    """The linked widgets, in JupyterLab and on a page: both must do the same."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def open_file(window: BrowserContext) -> Iterator[OpenFile]:
    """`open_file(path)` shows a file without a server; it must ask for nothing but itself."""
    opened: list[tuple[Page, Watch, str]] = []

    def open_(path: Path) -> Page:
        page = window.new_page()
        opened.append((page, Watch.over(page), path.as_uri()))
        page.goto(path.as_uri())
        return page

    yield open_
    for page, watch, address in opened:
        page.close()
        watch.verify(only=address)


@pytest.fixture(scope="session")
def screenshot() -> Screenshot:
    """`screenshot(page, name)` keeps a picture for whoever reads the CI run."""

    def take(page: Page, name: str) -> Path:
        path = _artifacts() / f"{name}.png"
        page.screenshot(path=path)
        return path

    return take


def _pages(item: pytest.Function) -> list[Page]:
    held = (getattr(value, "page", value) for value in item.funcargs.values())
    return [page for page in held if isinstance(page, Page) and not page.is_closed()]


def _artifacts() -> Path:
    return Path(os.environ.get("VTK_ARTIFACTS", HERE.parents[1] / "out" / "screenshots"))
