"""Every compressor at three sizes of film: speed, memory, the price of provenance, and its peers.

A film of 1,024 channels stands in shots of 8 frames, so that what goes by likeness finds some. Each
compressor runs at its own defaults in a process of its own that shares the film, one thread:

    ms        the median of a few runs, in CPU time
    MB        by how much the process grew above the film, in its first run
    prov %    what provenance adds: the same runs with steps composed, and with none
    peer ms   the published algorithm in its plainest form (`compressor_peers.py`), runs interleaved
    ratio     ours / peer; the features of both are checked to be the same

What is quadratic in all tokens, as its paper is, runs on small films only. The plot holds time over
frames of 14 x 14 tokens.

    python benchmarks/compressors.py [--quick] [--only NAME ...] [--out out]
    python benchmarks/compressors.py --hour [--width CHANNELS --dtype float32] [--only NAME ...]

`--hour` sends a film of an hour, 3,600 frames of 14 x 14 tokens, through each of the others and
tells the peak of the whole process (`compressor_hour.py`): two films, or one of `--width` channels
of `--dtype`. `--write` notes what was found, in one
call or in several with `--only`, in `docs/benchmarks_compressors.md`.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from compressor_hour import FILMS, GRID, hours
from compressor_peers import PEERS, UNORDERED
from compressor_runs import Row, apart, film, noted, peak_bytes, told
from torch import Tensor

from vtk_notebooks import Query, Tokens, build, names
from vtk_notebooks import tokens as tokens_module

WIDTH = 1024
SIZES = ((16, 24, 24), (64, 24, 24), (256, 14, 14))
SCALING = ((16, 14, 14), (64, 14, 14), (256, 14, 14))
QUADRATIC = ("keyframe_token_drop",)
"""Attention over all tokens, as published; up to so many tokens:"""
MOST_QUADRATIC = 10_000
ATOL, RTOL = 1e-4, 1e-3
"""How near the features of ours and of a peer are."""
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks_compressors.md"


@contextmanager
def no_provenance() -> Iterator[None]:
    """Stages compose no steps: the features alone."""
    composed = tokens_module.compose

    def nothing(step: Tensor, share: Tensor, tied: Any, sizes: Any) -> Any:
        return step[:0], share[:0]

    tokens_module.compose = nothing
    try:
        yield
    finally:
        tokens_module.compose = composed


def measured(name: str, tokens: Tokens, query: Query, seconds: float) -> Row:
    """One row of the table; called in a process of its own."""
    made, before = build("compressor", name), peak_bytes()
    start = time.process_time()
    out = made(tokens, query)
    first_s = time.process_time() - start
    row: Row = {"tokens": len(out), "MB": (peak_bytes() - before) / 1e6, "ms": 1e3 * first_s}
    ways: dict[str, Callable[[], object]] = {"ours": lambda: made(tokens, query)}
    if name in PEERS:
        grid = tokens.on_grid("benchmark")
        ways["peer"] = lambda: PEERS[name](grid, query.vector)
        row["same"] = _check(name, out.x, grid, query)
    del out
    ways["bare"] = lambda: _bare(made, tokens, query)
    spent: dict[str, list[float]] = {way: [] for way in ways}
    while first_s < 5 * seconds:
        for way, work in ways.items():
            start = time.process_time()
            work()
            spent[way].append(time.process_time() - start)
        rounds = len(spent["ours"])
        if rounds == 40 or (rounds > 4 and sum(map(sum, spent.values())) > seconds):
            break
        if sum(map(sum, spent.values())) > 6 * seconds:
            break
    if spent["ours"]:
        middle = {way: 1e3 * statistics.median(times) for way, times in spent.items()}
        row |= {"ms": middle["ours"], "prov %": 100 * (middle["ours"] / middle["bare"] - 1)}
        if "peer" in middle:
            row |= {"peer ms": middle["peer"], "ratio": middle["ours"] / middle["peer"]}
    return row | {"tokens/s": 1e3 * len(tokens) / row["ms"]}


def _bare(made: Any, tokens: Tokens, query: Query) -> None:
    with no_provenance():
        made(tokens, query)


def _check(name: str, ours: Tensor, grid: Tensor, query: Query) -> bool:
    """Both made the same tokens; where the order is another one, as many.

    Which of two nearly equal values is the larger may be a matter of rounding, and what follows
    from it differ: then both are asked once more in 64 bits.
    """
    peer = PEERS[name](grid, query.vector)
    if ours.shape != peer.shape:
        raise ValueError(f"{name}: {ours.shape}, its peer {peer.shape}")
    if name in UNORDERED or torch.allclose(ours, peer, RTOL, ATOL):
        return True
    tokens = Tokens.from_grid(grid.double(), torch.arange(len(grid)) / 1.0, space="made")
    ours, peer = (
        build("compressor", name)(tokens, query).x,
        PEERS[name](tokens.on_grid("benchmark"), query.vector.double()),
    )
    torch.testing.assert_close(ours, peer, atol=ATOL, rtol=RTOL)
    return True


def size(grid: tuple[int, int, int], width: int, chosen: list[str], seconds: float) -> Row:
    """All compressors on one film."""
    tokens, query = film(grid, width)
    many, titles = grid[0] * grid[1] * grid[2], ("tokens", "ms", "tokens/s", "MB", "prov %")
    print(f"\n{grid[0]} x {grid[1] * grid[2]} tokens of {width} channels")
    print(f"{'':28}{''.join(f'{title:>12}' for title in (*titles, 'peer ms', 'ratio'))}")
    rows: Row = {}
    for name in chosen:
        if name in QUADRATIC and many > MOST_QUADRATIC:
            print(f"{name:28}  quadratic in all tokens, as published: not run")
            continue
        row = apart(lambda name=name: measured(name, tokens, query, seconds))
        shown = "".join(f"{told(row.get(title)):>12}" for title in (*titles, "peer ms", "ratio"))
        print(f"{name:28}{shown}  {row.get('note', '')}", flush=True)
        rows[name] = row
    return rows


def plotted(found: dict[str, dict[int, float]], out: Path) -> None:
    """A panel for each compressor: milliseconds over frames, both doubling; grey is linear."""
    from vtk_notebooks import figures

    rows = -(-len(found) // 6)
    fig = figures.figure(174.6, 24 * rows + 6)
    with figures.paper_style():
        panels = fig.subplots(rows, 6, sharex=True, sharey=True, squeeze=False).flatten()
        for panel, (name, points) in zip(panels, sorted(found.items()), strict=False):
            frames, ms = list(points), list(points.values())
            panel.plot(frames, [ms[0] * f / frames[0] for f in frames], color="#bbbbbb")
            panel.plot(frames, ms, "o-", color="#0072B2")
            panel.set(xscale="log", yscale="log", xticks=frames, xticklabels=frames)
            panel.yaxis.set_major_formatter(lambda ms, _: f"{ms:g}")
            panel.set_title(name, fontsize=5.5, pad=2)
            panel.minorticks_off()
        for panel in panels[len(found) :]:
            panel.set_axis_off()
        fig.supxlabel("Frames of 14 x 14 tokens", fontsize=7)
        fig.supylabel("CPU time (ms)", fontsize=7, x=0.005)
        fig.subplots_adjust(0.07, 0.12 if rows < 4 else 0.06, 0.99, 0.97, 0.15, 0.3)
    out.mkdir(parents=True, exist_ok=True)
    for suffix in ("svg", "png"):
        fig.savefig(out / f"compressors_scaling.{suffix}")


def table(chosen: list[str], quick: bool, out: Path, page: Path | None) -> None:
    """All sizes, and the plot."""
    width, seconds = (256, 0.1) if quick else (WIDTH, 1.0)
    found: dict[tuple[int, int, int], Row] = {}
    for grid in dict.fromkeys((*SIZES, *SCALING)):
        grid = (grid[0] // 4, *grid[1:]) if quick else grid
        found[grid] = apart(lambda grid=grid: size(grid, width, chosen, seconds))
    out.mkdir(parents=True, exist_ok=True)
    plain = {" x ".join(map(str, grid)): rows for grid, rows in found.items()}
    (out / "compressors.json").write_text(json.dumps(plain, indent=1))
    frames = sorted(grid[0] for grid in found if grid[1] == SCALING[0][1])
    side = SCALING[0][1:]
    lines = {
        name: {
            t: found[t, *side][name]["ms"] for t in frames if "ms" in found[t, *side].get(name, {})
        }
        for name in chosen
    }
    plotted({name: points for name, points in lines.items() if points}, out)
    slow = [
        f"{name} ({row['prov %']:.0f} %, {row['ms']:.3g} ms)"
        for name, row in found[list(found)[1]].items()
        if row.get("prov %", 0) > 10
    ]
    print(f"\nprovenance above 10 % at {list(plain)[1]}: {', '.join(slow) or 'none'}")
    print(f"wrote {out}/compressors.json, compressors_scaling.svg and .png")
    if page:
        _noted(page, found[list(found)[1]], list(plain)[1], width)


def _noted(page: Path, rows: Row, grid: str, width: int) -> None:
    """What provenance adds, and our time beside that of the published algorithm."""
    titles = ("tokens", "ms", "MB", "prov %", "peer ms", "ratio")
    lines = [f"| compressor | {' | '.join(titles)} |", "|---" * (len(titles) + 1) + "|"]
    for name, row in rows.items():
        lines.append(f"| {name} | {' | '.join(told(row.get(title)) for title in titles)} |")
    title = f"{grid} tokens of {width:,} channels"
    noted(page, title, "python benchmarks/compressors.py --write", lines)


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--quick", action="store_true", help="small films, to see that it runs")
    reader.add_argument("--only", nargs="+", default=names("compressor"))
    reader.add_argument("--out", type=Path, default=Path("out"))
    reader.add_argument("--hour", action="store_true")
    reader.add_argument("--width", type=int, help="channels of the hour's tokens")
    reader.add_argument("--dtype", choices=("float32", "bfloat16", "float16"), default="bfloat16")
    reader.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    asked = reader.parse_args()
    torch.set_num_threads(1)
    print("1 thread")
    if asked.hour:
        films = [(getattr(torch, asked.dtype), asked.width)] if asked.width else list(FILMS)
        frames = GRID[0] // 8 if asked.quick else GRID[0]
        hours(list(asked.only), films, frames, asked.out, PAGE if asked.write else None)
    else:
        table(list(asked.only), asked.quick, asked.out, PAGE if asked.write else None)


if __name__ == "__main__":
    main()
