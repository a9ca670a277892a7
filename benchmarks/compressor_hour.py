"""An hour of film through every compressor: the peak of the process, film and result included.

3,600 frames of 14 x 14 tokens. A Video-LLM's features are half precision, so the hour is measured
with 1,024 channels in bfloat16 (1.44 GB), and with the 384 channels of the encoders that come along
in float32 (1.08 GB). Each compressor runs at its defaults or, where these leave more than a
quarter of the tokens, at a quarter.
"""

import json
import time
from pathlib import Path

import torch
from compressor_runs import Row, apart, film, noted, peak_bytes, told

from vtk_notebooks import Query, Tokens, build, names
from vtk_notebooks.comparison import fitted

GRID = (3600, 14, 14)
FILMS = ((torch.bfloat16, 1024), (torch.float32, 384))
NOT_RUN = {"keyframe_token_drop": "attention over all tokens, as published: not run"}
NOTES = {
    "hierarchical_merge": "quadratic in the tokens of a segment, as published",
    "mixture_of_depths": "keeps all tokens, as published: the result is as large as the film",
    "slot_sampler": "every slot holds a share of every token",
}
MOST_GB = 4.0
TITLES = ("tokens", "GB", "result GB", "s")


def hour(name: str, tokens: Tokens, query: Query) -> Row:
    """Peak of the process that squeezes an hour to a quarter or less."""
    made, most = build("compressor", name), len(tokens) // 4
    if made.count(tokens.grid)[1] > most:
        made = fitted(made, tokens.grid, most)
    start = time.process_time()
    out = made(tokens, query)
    spent = time.process_time() - start
    row: Row = {"tokens": len(out), "GB": peak_bytes() / 1e9, "result GB": out.x.nbytes / 1e9}
    return row | {"s": spent}


def of_film(chosen: list[str], width: int, dtype: torch.dtype, frames: int) -> dict[str, Row]:
    """Each compressor on one film, in a process of its own."""
    tokens, query = film((frames, *GRID[1:]), width, dtype)
    size = f"{tokens.x.nbytes / 1e9:.2f} GB in {str(dtype).removeprefix('torch.')}"
    print(f"\n{frames} frames of {GRID[1] * GRID[2]} tokens of {width} channels, {size};")
    print(f"with Python and torch {peak_bytes() / 1e9:.2f} GB before anything runs")
    print(f"{'':28}{''.join(f'{title:>13}' for title in TITLES)}", flush=True)
    found: dict[str, Row] = {}
    for name in chosen:
        if name in NOT_RUN:
            print(f"{name:28}  {NOT_RUN[name]}")
            continue
        row = apart(lambda name=name: hour(name, tokens, query))
        told_row = "".join(f"{told(row.get(title)):>13}" for title in TITLES)
        print(f"{name:28}{told_row}  {row.get('note', NOTES.get(name, ''))}", flush=True)
        found[name] = row
    return found


def hours(
    chosen: list[str],
    films: list[tuple[torch.dtype, int]],
    frames: int,
    out: Path,
    page: Path | None,
) -> None:
    """All films; what was found joins what earlier calls left in `out`, and all of it the page."""
    file = out / f"compressors_{frames}_frames.json"
    found: dict[str, dict[str, Row]] = json.loads(file.read_text()) if file.exists() else {}
    for dtype, width in films:
        rows = apart(lambda dtype=dtype, width=width: of_film(chosen, width, dtype, frames))
        title = f"{width:,} x {str(dtype).removeprefix('torch.')}"
        found[title] = found.get(title, {}) | rows
    out.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found, indent=1))
    if page:
        title = f"{frames:,} frames of {GRID[1] * GRID[2]} tokens"
        noted(page, title, "python benchmarks/compressors.py --hour --write", _lines(found))


def _lines(found: dict[str, dict[str, Row]]) -> list[str]:
    """The table: a compressor a row, a film two columns."""
    measured = {name for rows in found.values() for name in rows}
    lines = ["| compressor | tokens | " + " | ".join(f"{film}: GB | s" for film in found)]
    lines = [f"{lines[0]} | note |", "|---|---:|" + "---:|---:|" * len(found) + "---|"]
    for name in names("compressor"):
        rows = [rows.get(name, {}) for rows in found.values()]
        many = next((row["tokens"] for row in rows if "tokens" in row), None)
        cells = [told(row.get(title)) for row in rows for title in ("GB", "s")]
        blank = "" if name in measured else "not measured"
        note = NOT_RUN.get(name) or "; ".join(filter(None, [blank, NOTES.get(name)]))
        lines.append(f"| {' | '.join([name, told(many), *cells, note])} |")
    for film_name, rows in found.items():
        above = [name for name, row in rows.items() if row.get("GB", 99) >= MOST_GB]
        lines += ["", f"{MOST_GB:g} GB or more with {film_name}: {', '.join(above) or 'none'}."]
    return lines
