"""Widgets: attention in a browser, ours beside BertViz, CircuitsVis and ipywidgets.interact.

All in one run and one Chromium: bytes sent, time to the first picture, pointer and slider to
picture, DOM nodes and memory, at 64 to 4,096 positions of made attention. Ours and interact run in
JupyterLab with a kernel, from queries and keys; the peers are opened from disk, as pages of whole
maps, which is how they work. Whoever has not painted after the limit is stopped, and larger sizes
are not tried. About six minutes on two cores:

    pip install bertviz circuitsvis                 # or into an environment of their own
    npm install --prefix LIBS requirejs jquery@2 d3@5   # BertViz fetches these from a network
    python benchmarks/widgets.py --peers PYTHON --libs LIBS/node_modules [--write]

`--write` puts the table and the plot into docs/benchmarks.md and docs/images.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(ROOT), str(ROOT / "widgets"), os.environ.get("PYTHONPATH", "")]
)  # of the kernels

from _lab_views import interact, opened, ours  # noqa: E402
from _measured import Measured  # noqa: E402
from _peer_views import blank_offline, measured, written  # noqa: E402
from _widgets_report import printed, write  # noqa: E402
from playwright.sync_api import Browser, Error, sync_playwright  # noqa: E402

from tests.browser.harness.chromium import launch  # noqa: E402
from tests.browser.harness.lab import running  # noqa: E402

SMALL = (12, 12)
OURS = [(*SMALL, n) for n in (64, 256, 1024, 4096)] + [(24, 16, 4096)]
INTERACT = [(*SMALL, n) for n in (64, 256, 1024, 4096)]
PEERS = {
    "bertviz": [(*SMALL, n) for n in (64, 128, 256)],
    "circuitsvis": [(1, 12, n) for n in (64, 128, 256)],  # it shows one layer
}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    reader.add_argument("--peers", default=sys.executable, help="a python that has the peers")
    reader.add_argument("--libs", type=Path, default=Path("node_modules"))
    reader.add_argument("--limit-s", type=float, default=30.0, help="until a view is given up")
    reader.add_argument("--write", action="store_true", help="into docs/")
    reader.add_argument("--only", default="", help="the start of a tool's name")
    reader.add_argument("--note", default="", help="about the machine, such as: shared")
    asked = reader.parse_args()
    found = list[Measured]()
    for row in rows(asked):
        found.append(row)
        print(printed([row])[-1], flush=True)
    if asked.write:
        write(found, ROOT / "docs", asked.limit_s, asked.note)


def rows(asked: argparse.Namespace) -> Iterator[Measured]:
    """Everything, one after the other: the machine is for one at a time."""
    wanted = lambda who: who.startswith(asked.only)  # noqa: E731
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        for kind, shapes in PEERS.items():
            if wanted(kind):
                yield from peer(playwright, asked, kind, shapes, folder)
        if not (wanted("vtk-notebooks") or wanted("interact")):
            return
        with running(folder / "lab") as lab, browsing(playwright) as browser:
            page, wire = opened(browser.new_context(viewport={"width": 1300, "height": 1400}), lab)
            if wanted("vtk-notebooks"):
                ours(page, wire, lab.root, (2, 2, 64))  # what the first view of a session loads
                for shape in OURS:
                    yield ours(page, wire, lab.root, shape)
            if wanted("interact"):
                for shape in INTERACT:
                    yield interact(page, wire, lab.root, shape)


def peer(
    playwright: Any, asked: argparse.Namespace, kind: str, shapes: list[Any], folder: Path
) -> Iterator[Measured]:
    """Rising sizes until one fails, each in a browser of its own."""
    if kind == "bertviz":
        with browsing(playwright) as browser:
            if blank_offline(browser.new_page(), asked.peers, folder):
                print("bertviz as it comes, offline: blank")
    for shape in shapes:
        path = folder / f"{kind}.html"
        fault = written(asked.peers, kind, shape, path, asked.libs)
        if fault:
            yield Measured(kind, *shape, note=f"not measured: {fault}")
            return
        with browsing(playwright) as browser:
            row = measured(browser.new_page(), kind, shape, path, asked.limit_s)
        yield row
        if row.paint_s is None:
            return


@contextmanager
def browsing(playwright: Any) -> Iterator[Browser]:
    """A browser that ends, also when a page of it hangs."""
    browser = launch(playwright)
    try:
        yield browser
    finally:
        try:
            browser.close()
        except Error:
            print("a browser had to be left behind", file=sys.stderr)


if __name__ == "__main__":
    main()
