"""What is measured of one view, and how a browser is asked for it."""

from dataclasses import dataclass
from typing import Any

import psutil


@dataclass(frozen=True)
class Measured:
    """One view of one size.

    Args:
        who: the tool.
        layers: that the view holds.
        heads: of each.
        positions: of the prompt.
        sent: bytes to the browser, without what pointing and switching asks for.
        paint_s: from the start until it was painted; None where it never was.
        hover_ms: from the pointer to the picture.
        switch_ms: from choosing another layer or head to the picture.
        nodes: of the page that belong to it.
        heap: bytes of JavaScript objects that it added.
        memory: bytes of the browser's processes that it added.
        note: what is to be known beside.
    """

    who: str
    layers: int
    heads: int
    positions: int
    sent: int = 0
    paint_s: float | None = None
    hover_ms: float | None = None
    switch_ms: float | None = None
    nodes: int | None = None
    heap: int | None = None
    memory: int | None = None
    note: str = ""


TWO_FRAMES = "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
"""JavaScript that is done once what was asked for has been painted."""


def heap(page: Any) -> int:
    """Bytes of living JavaScript objects, of a page."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return int(used)


def browsers_bytes() -> int:
    """Memory of all browser processes that this one started."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            if "chrom" in process.name():
                total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def middle(values: list[float]) -> float:
    """The median."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
