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
    python benchmarks/compressors.py --hour [--width CHANNELS] [--only NAME ...]

`--hour` sends a film of an hour, 3,600 frames of 14 x 14 tokens, through each of the others, at its
defaults or, where these leave more, at a quarter of the tokens, and tells the peak of the whole
process, film and result included. `--width 384` is the width of the encoders that come along.
"""

import argparse
import json
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from compressor_peers import PEERS, UNORDERED
from torch import Tensor

from vtk_notebooks import Query, Tokens, build, names
from vtk_notebooks import tokens as tokens_module
from vtk_notebooks.comparison import fitted

WIDTH, SHOT = 1024, 8
SIZES = ((16, 24, 24), (64, 24, 24), (256, 14, 14))
SCALING = ((16, 14, 14), (64, 14, 14), (256, 14, 14))
HOUR = (3600, 14, 14)
QUADRATIC = ("keyframe_token_drop",)
"""Attention over all tokens, as published; up to so many tokens:"""
MOST_QUADRATIC = 10_000
Row = dict[str, Any]


def film(
    grid: tuple[int, int, int], width: int, dtype: torch.dtype = torch.float32
) -> tuple[Tokens, Query]:
    """Shots of 8 frames that stand still but for a little noise, and a question about the first."""
    draw, (t, h, w) = torch.Generator().manual_seed(0), grid
    x = torch.empty(t, h, w, width, dtype=dtype)
    for first in range(0, t, SHOT):
        shot = torch.randn(h, w, width, generator=draw).repeat(min(SHOT, t - first), 1, 1, 1)
        shot += torch.empty_like(shot).normal_(0, 0.02, generator=draw)
        x[first : first + SHOT] = shot
    words = x[0, 0, :3].float()
    query = Query("made", words.mean(0), words, ("a", "made", "question"), "made")
    return Tokens.from_grid(x, torch.arange(t) / 1.0, space="made"), query


@contextmanager
def no_provenance() -> Iterator[None]:
    """Stages compose no steps: the features alone."""
    composed = tokens_module.compose

    def nothing(step: Tensor, share: Tensor, edges: Tensor, edge_share: Tensor, sizes: Any) -> Any:
        return edges[:0], edge_share[:0]

    tokens_module.compose = nothing
    try:
        yield
    finally:
        tokens_module.compose = composed


def apart(work: Callable[[], Row]) -> Row:
    """What `work` finds, in a process of its own that shares our memory as it is now."""
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)
    child = context.Process(target=lambda: send.send(work()))
    child.start()
    send.close()
    try:
        found = receive.recv()
    except EOFError:
        found = {"note": "died"}
    child.join()
    return found


def measured(name: str, tokens: Tokens, query: Query, seconds: float) -> Row:
    """One row of the table; called in a process of its own."""
    made, before = build("compressor", name), _peak_bytes()
    start = time.process_time()
    out = made(tokens, query)
    first_s = time.process_time() - start
    row: Row = {"tokens": len(out), "MB": (_peak_bytes() - before) / 1e6, "ms": 1e3 * first_s}
    ways: dict[str, Callable[[], object]] = {"ours": lambda: made(tokens, query)}
    if name in PEERS:
        grid = tokens.on_grid("benchmark")
        ways["peer"] = lambda: PEERS[name](grid, query.vector)
        row["same"] = _check(name, out.x, PEERS[name](grid, query.vector))
    del out
    ways["bare"] = lambda: _bare(made, tokens, query)
    spent: dict[str, list[float]] = {way: [] for way in ways}
    while first_s < 10 * seconds:
        for way, work in ways.items():
            start = time.process_time()
            work()
            spent[way].append(time.process_time() - start)
        rounds = len(spent["ours"])
        if rounds == 15 or (rounds > 2 and sum(map(sum, spent.values())) > seconds):
            break
        if sum(map(sum, spent.values())) > 3 * seconds:
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


def _check(name: str, ours: Tensor, peer: Tensor) -> bool:
    """Both made the same tokens; where the order is another one, as many."""
    if name not in UNORDERED:
        torch.testing.assert_close(ours, peer, atol=1e-4, rtol=1e-3)
    return ours.shape == peer.shape


def hour(name: str, tokens: Tokens, query: Query) -> Row:
    """Peak of the process that squeezes an hour to a quarter or less."""
    made, most = build("compressor", name), len(tokens) // 4
    if made.count(tokens.grid)[1] > most:
        made = fitted(made, tokens.grid, most)
    start = time.process_time()
    out = made(tokens, query)
    spent = time.process_time() - start
    gb, result = _peak_bytes() / 1e9, out.x.nbytes / 1e9
    return {"tokens": len(out), "GB": gb, "result GB": result, "s": spent}


def _peak_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


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
        shown = "".join(f"{_told(row.get(title)):>12}" for title in (*titles, "peer ms", "ratio"))
        print(f"{name:28}{shown}  {row.get('note', '')}", flush=True)
        rows[name] = row
    return rows


def _told(value: float | int | None) -> str:
    if value is None:
        return "-"
    whole = isinstance(value, int) or value >= 1000
    return f"{round(value):,}" if whole else f"{value:.3g}"


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


def table(chosen: list[str], quick: bool, out: Path) -> None:
    """All sizes, and the plot."""
    width, seconds = (256, 0.1) if quick else (WIDTH, 0.3)
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


def hours(chosen: list[str], quick: bool, width: int) -> None:
    """Each compressor on a film of an hour."""
    grid, width = ((450, *HOUR[1:]), 256) if quick else (HOUR, width)
    tokens, query = film(grid, width)
    held = _peak_bytes() / 1e9
    print(f"{grid[0]} frames of {grid[1] * grid[2]} tokens, {tokens.x.nbytes / 1e9:.2f} GB;")
    print(f"with Python and torch {held:.2f} GB before anything runs")
    print(f"{'':28}{'tokens':>11}{'peak GB':>11}{'result GB':>11}{'s':>11}")
    for name in chosen:
        if name in QUADRATIC:
            print(f"{name:28}  quadratic in all tokens, as published: not run")
            continue
        row = apart(lambda name=name: hour(name, tokens, query))
        if "note" in row:
            print(f"{name:28}  {row['note']}")
            continue
        told = [_told(row[key]) for key in ("tokens", "GB", "result GB", "s")]
        print(f"{name:28}{''.join(f'{value:>11}' for value in told)}", flush=True)


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--quick", action="store_true", help="small films, to see that it runs")
    reader.add_argument("--only", nargs="+", default=names("compressor"))
    reader.add_argument("--out", type=Path, default=Path("out"))
    reader.add_argument("--hour", action="store_true")
    reader.add_argument("--width", type=int, default=WIDTH, help="channels of the hour's tokens")
    asked = reader.parse_args()
    torch.set_num_threads(1)
    print("1 thread")
    if asked.hour:
        hours(list(asked.only), asked.quick, asked.width)
    else:
        table(list(asked.only), asked.quick, asked.out)


if __name__ == "__main__":
    main()
