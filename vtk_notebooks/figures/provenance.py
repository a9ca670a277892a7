"""Provenance: a figure's file says what made it, and can be asked.

The record is JSON in plain ASCII: in a PDF under Keywords of its Info dictionary, in a PNG as a
text chunk, in an SVG as its description. Nothing in it depends on the clock or the machine, so
that the same runs give the same bytes.
"""

import html
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from vtk_notebooks import __version__
from vtk_notebooks.arrays import digest
from vtk_notebooks.atomic import replacing
from vtk_notebooks.errors import StoreError
from vtk_notebooks.figures.drawing import Drawing
from vtk_notebooks.figures.latex import set_in_latex
from vtk_notebooks.figures.remaking.films import place_of
from vtk_notebooks.figures.remaking.values import runs_in, said_of
from vtk_notebooks.figures.style import paper_style
from vtk_notebooks.runs import Run, versions
from vtk_notebooks.sweep import Sweep

MADE_BY = "vtk-notebooks"
FORMATS = ("pdf", "png", "svg")
_UNREAD = "Only files that figures.save wrote, and nobody changed, carry one."


def save(
    fig: Figure,
    path: str | Path,
    *,
    runs: Run | Sequence[Run] = (),
    sweep: Sweep | None = None,
    models: Sequence[str] = (),
    command: str = "",
    usetex: bool = False,
) -> Path:
    """Write a figure with its provenance inside; the file appears whole or not at all.

    A figure of ours also says how it was drawn, so that `remake` can draw it again.

    Args:
        fig: any matplotlib figure; its size is kept to the millimetre.
        path: ends in .pdf, .svg or .png (300 dots per inch). Missing folders are made.
        runs: that the figure shows; those that a figure of ours was given need not be said.
        sweep: likewise.
        models: other weights that took part: `Adapter.record.label`.
        command: that makes it again.
        usetex: LaTeX sets the figure's texts, from now on; an error where it is not installed.
    """
    path = Path(path)
    kind = kind_of(path)
    if usetex:
        set_in_latex(fig)
    runs = [runs] if isinstance(runs, Run) else list(runs)
    said = provenance(runs, command, sweep, models, fig)
    return written(path, rendered(fig, kind, said))


def kind_of(path: Path) -> str:
    """The format that a path asks for.

    Raises:
        StoreError: for all but those in `FORMATS`.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        expected = "a path that ends in .pdf, .svg or .png"
        raise StoreError("figures.save", expected, repr(path.name), "Papers want a PDF.")
    return kind


def rendered(fig: Figure, kind: str, record: Mapping[str, Any]) -> bytes:
    """A figure's file, with that record inside."""
    said = json.dumps(record)
    metadata: dict[str, dict[str, str | None]] = {
        "pdf": {"Keywords": said, "CreationDate": None},
        "png": {MADE_BY: said},
        "svg": {"Description": said, "Date": None},
    }
    out = io.BytesIO()
    with paper_style():
        fig.savefig(out, format=kind, metadata=metadata[kind])
    return out.getvalue()


def provenance(
    runs: Sequence[Run],
    command: str = "",
    sweep: Sweep | Mapping[str, Any] | None = None,
    models: Sequence[str] = (),
    fig: Figure | None = None,
) -> dict[str, Any]:
    """What a figure's file says of it.

    Of sweeps, one that is given counts before one that was drawn, and that before a mere record.
    """
    drawing, said = getattr(fig, "drawing", None), {}
    runs = list(runs)
    if drawing is not None:
        given = list(drawing.arguments.values())
        runs += [run for run in runs_in(given) if not any(run is other for other in runs)]
        if not isinstance(sweep, Sweep):
            sweep = next((v for v in given if isinstance(v, Sweep)), sweep)
    if sweep is not None:
        said["sweep"] = _sweep(sweep) if isinstance(sweep, Sweep) else dict(sweep)
    if models:
        said["models"] = list(models)
    if drawing is not None:
        said["drawing"] = _drawing(drawing, runs)
    if getattr(fig, "usetex", False):
        said["usetex"] = True
    return {
        "made_by": f"{MADE_BY} {__version__}",
        "command": command,
        "matplotlib": matplotlib.__version__,
        "runs": [_run(r) for r in runs],
        **said,
    }


def _drawing(drawing: Drawing, runs: Sequence[Run]) -> dict[str, Any]:
    """How it was drawn; or why that cannot be written down."""
    arguments, lost = said_of(drawing.arguments, runs)
    how = {"lost": f"it was given {lost}"} if lost else {"arguments": arguments}
    return {"figure": drawing.name, **how}


def read_provenance(path: str | Path) -> dict[str, Any]:
    """What `save` wrote into a PDF, PNG or SVG.

    Raises:
        StoreError: when the file cannot be read, or says nothing of ours.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError("read_provenance", "a readable file", str(error)) from None
    if data.startswith(b"%PDF"):
        said = _from_pdf(data)
    elif data.startswith(b"\x89PNG"):
        said = _from_png(data)
    else:
        found = re.search(rb"<dc:description>([^<]*)</dc:description>", data)
        said = html.unescape(found[1].decode()) if found else ""
    try:
        record = json.loads(said)
    except ValueError:
        record = None
    if not isinstance(record, dict) or not str(record.get("made_by")).startswith(MADE_BY):
        raise StoreError("read_provenance", "a figure that says what made it", path.name, _UNREAD)
    return record


def _run(run: Run) -> dict[str, Any]:
    origin = run.clip.origin
    return {
        "label": run.label,
        "address": run.address,
        "recipe": run.recipe.as_dict(),
        "seed": run.recipe.seed,
        "query": run.query.text,
        "film": {
            "name": origin.name,
            "sha256": origin.sha256,
            "clip": run.clip.address,
            "place": place_of(origin),
        },
        "weights": list(run.weights),
        "versions": run.versions,
    }


def _sweep(sweep: Sweep) -> dict[str, Any]:
    """Recipes, films and questions; the address holds every number, so that a change shows."""
    rows = [(r.recipe, r.film, r.query, sorted(r.numbers.items()), r.error) for r in sweep.rows]
    return {
        "reference": sweep.reference,
        "recipes": {name: recipe.as_dict() for name, recipe in sweep.recipes.items()},
        "films": list(dict.fromkeys(r.film for r in sweep.rows)),
        "queries": list(dict.fromkeys(r.query for r in sweep.rows)),
        "rows": len(rows),
        "errors": len(sweep.errors),
        "address": digest(*rows),
        "versions": versions(),
    }


def written(path: Path, data: bytes) -> Path:
    """The file, whole or not at all; missing folders are made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            part.write_bytes(data)
    except OSError as error:
        hint = "Choose another folder."
        raise StoreError("figures.save", "a place to write to", str(error), hint) from None
    return path


def _from_pdf(data: bytes) -> str:
    """The Keywords of the Info dictionary, found as readers find it: table, trailer, object.

    Looking for the word alone could find it in the text of the figure.
    """
    found = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", data)
    table = data[int(found[1]) :] if found else b""
    info = re.search(rb"trailer.*?/Info (\d+) 0 R", table, re.DOTALL)
    lines = table.split(b"\n", 2)[-1]  # after "xref" and "0 count", 20 bytes for each object
    at = lines[20 * int(info[1]) :][:10] if info else b""
    if not at.isdigit():
        return ""
    words = re.compile(rb"/Keywords \(((?:[^\\()]|\\.)*)\)", re.DOTALL).search(data, int(at))
    return re.sub(rb"\\(.)", rb"\1", words[1]).decode("ascii", "replace") if words else ""


def _from_png(data: bytes) -> str:
    """Our text chunk. Chunks are: length (4 bytes), kind (4), content, checksum (4)."""
    at, key = 8, MADE_BY.encode() + b"\0"
    while len(data) > at + 8:
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + size]
        if kind == b"tEXt" and content.startswith(key):
            return content.removeprefix(key).decode("ascii", "replace")
        at += 12 + size
    return ""
