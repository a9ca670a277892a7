"""Notebooks of the site: run once, with every widget as a page of its own."""

import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
PAGES = "vtk-pages"
_CHAPTERS = (
    (".", "Begin"),
    ("explore", "Explore"),
    ("labs", "Labs: an hour each, answers are checked"),
    ("figures", "Figures of a paper"),
)


def notebooks() -> Iterator[Path]:
    """Every notebook, in reading order."""
    for folder, _ in _CHAPTERS:
        yield from sorted((NOTEBOOKS / folder).glob("*.ipynb"))


def run_all(ran: Path, jobs: int) -> None:
    """Run those that `ran` does not hold yet, or holds as they were before a change."""
    due = [path for path in notebooks() if not _known(path, ran)]
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda path: run_one(path, ran), due))


def run_one(path: Path, ran: Path) -> Path:
    """Run a notebook; the executed one and its widgets' pages are in the folder given back."""
    out = ran / path.relative_to(NOTEBOOKS).with_suffix("")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    book = nbformat.read(path, as_version=4)
    more = {"VTK_PAGES": PAGES, "VTK_OUT": str(out / "made"), "VTK_FRAMES": "8"}
    client = NotebookClient(book, timeout=600, resources={"metadata": {"path": str(out)}})
    client.execute(env=os.environ | more)
    (out / PAGES).mkdir(exist_ok=True)
    nbformat.write(book, out / path.name)
    return out


def lay_out(ran: Path, source: Path) -> None:
    """Put the executed notebooks among the pages, with a table of contents."""
    parts = ["# Notebooks\n"]
    for folder, title in _CHAPTERS:
        here = [p for p in notebooks() if p.parent == (NOTEBOOKS / folder).resolve()]
        for path in here:
            out = ran / path.relative_to(NOTEBOOKS).with_suffix("")
            there = source / "notebooks" / folder
            there.mkdir(parents=True, exist_ok=True)
            nbformat.write(_shown(nbformat.read(out / path.name, as_version=4)), there / path.name)
            shutil.copytree(
                out / PAGES,
                source / "_pages" / "notebooks" / folder / PAGES,
                dirs_exist_ok=True,
            )
        if here:
            listed = "\n".join(f"{folder}/{path.stem}" for path in here)
            parts.append(f"```{{toctree}}\n:maxdepth: 1\n:caption: {title}\n\n{listed}\n```\n")
    (source / "notebooks" / "index.md").write_text("\n".join(parts), encoding="utf-8")


def _shown(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without progress bars: they are widgets without a page, and lines on stderr."""
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _passing(output)]
    return book


def _passing(output: nbformat.NotebookNode) -> bool:
    data = output.get("data", {})
    live = "application/vnd.jupyter.widget-view+json" in data
    return output.get("name") == "stderr" or (live and not {"text/html", "image/png"} & data.keys())


def _known(path: Path, ran: Path) -> bool:
    there = ran / path.relative_to(NOTEBOOKS).with_suffix("") / path.name
    return there.is_file() and _code(there) == _code(path)


def _code(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells]
