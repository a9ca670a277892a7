"""BertViz and CircuitsVis as pages of their own, from disk, with the libraries that they want."""

import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from _measured import TWO_FRAMES, Measured, browsers_bytes, heap
from playwright.sync_api import Error, Page

_FROM = "https://cdnjs.cloudflare.com/ajax/libs"
CDN = {
    f"{_FROM}/require.js/2.3.6/require.min.js": "requirejs/require.js",
    f"{_FROM}/d3/5.7.0/d3.min": "d3/dist/d3.min",
    f"{_FROM}/jquery/2.0.0/jquery.min": "jquery/dist/jquery.min",
}
"""What BertViz loads from the network, and where npm puts the same."""
READY = {
    "bertviz": "document.querySelectorAll('#attention line, svg line').length > 0",
    "circuitsvis": "[...document.querySelectorAll('h4')].length > 1"
    " && [...document.querySelectorAll('canvas')].some((c) => c.width > 10)",
}
HOVER = {
    "bertviz": "() => document.querySelectorAll('#left text, .attn_line_group, text')[12]",
    "circuitsvis": "() => document.querySelectorAll('h4')[3]",
}
TIMED = f"""async (find) => {{
    const target = eval(find)();
    const start = performance.now();
    for (const name of ["mouseenter", "mouseover", "mousemove"]) {{
        target.dispatchEvent(new MouseEvent(name, {{ bubbles: name !== "mouseenter" }}));
    }}
    await {TWO_FRAMES};
    return performance.now() - start;
}}"""
SWITCH = f"""async () => {{
    const layer = document.querySelector("#layer");
    layer.selectedIndex = 1;
    const start = performance.now();
    layer.dispatchEvent(new Event("change", {{ bubbles: true }}));
    await {TWO_FRAMES};
    return performance.now() - start;
}}"""


def written(python: str, kind: str, shape: tuple[int, int, int], path: Path, libs: Path) -> str:
    """Let the peer write its page; what went wrong in words, "" where nothing did."""
    script = Path(__file__).with_name("_peer_page.py")
    command = [python, str(script), kind, *map(str, shape), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    text = path.read_text(encoding="utf-8")
    for address, local in CDN.items():
        text = text.replace(address, (libs / local).resolve().as_uri())
    path.write_text(text, encoding="utf-8")
    return ""


def measured(
    page: Page, kind: str, shape: tuple[int, int, int], path: Path, limit_s: float
) -> Measured:
    """Open the page, wait until it has painted, point and switch."""
    found = Measured(kind, *shape, sent=path.stat().st_size)
    page.goto("about:blank")
    before_heap, before = heap(page), browsers_bytes()
    start = time.monotonic()
    page.set_default_timeout(1000 * limit_s)
    try:
        page.goto(path.as_uri(), wait_until="commit", timeout=1000 * limit_s)
        page.wait_for_function(READY[kind], timeout=1000 * limit_s, polling=50)
        page.evaluate(TWO_FRAMES)
        paint_s = time.monotonic() - start
        if paint_s > limit_s:
            raise TimeoutError
        nodes = page.evaluate("document.querySelectorAll('*').length")
        found = replace(found, paint_s=paint_s, nodes=nodes)
        memory, used = browsers_bytes() - before, heap(page) - before_heap
        found = replace(found, memory=memory, heap=used)
        found = replace(found, hover_ms=page.evaluate(TIMED, HOVER[kind]))
        switch = page.evaluate(SWITCH) if kind == "bertviz" else page.evaluate(TIMED, HOVER[kind])
        return replace(found, switch_ms=switch)
    except (Error, TimeoutError):
        if found.paint_s is not None:
            return replace(found, note=f"no answer to the pointer in {limit_s:.0f} s")
        return replace(found, note=f"not painted in {limit_s:.0f} s")


def blank_offline(page: Any, python: str, folder: Path) -> bool:
    """Whether BertViz shows nothing where its libraries cannot be fetched."""
    path = folder / "offline.html"
    if written(python, "bertviz", (2, 2, 16), path, Path("/nowhere")):
        return False
    text = path.read_text(encoding="utf-8")
    for address, local in CDN.items():
        text = text.replace((Path("/nowhere") / local).as_uri(), address)
    path.write_text(text, encoding="utf-8")
    page.goto(path.as_uri(), wait_until="commit")
    page.wait_for_timeout(2500)
    return not page.evaluate(READY["bertviz"])
