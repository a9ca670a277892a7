"""What the benchmarks of compressors share: the film, a process apart, and the page of results."""

import multiprocessing
import re
import resource
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import torch

from vtk_notebooks import Query, Tokens
from vtk_notebooks.atomic import replacing

SHOT = 8
Row = dict[str, Any]
MACHINE = "2 cores shared with other work, no GPU, one thread"
HEAD = """# What compressors cost

Written by `benchmarks/compressors.py`. Memory is the peak of a whole process, film, Python and
result included; times on a shared machine say which of two is slower, not how fast either is.
"""


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


def peak_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def told(value: float | int | None) -> str:
    if value is None:
        return "-"
    whole = isinstance(value, int) or value >= 1000
    return f"{round(value):,}" if whole else f"{value:.3g}"


def noted(page: Path, title: str, command: str, lines: list[str]) -> None:
    """Write one section of the page; the others stay as they are."""
    text = page.read_text() if page.exists() else HEAD
    told = f"{MACHINE}; torch {torch.__version__}, {date.today():%Y-%m-%d}"
    section = "\n".join([f"## {title}", "", f"`{command}` ({told})", "", *lines, ""])
    head, *sections = re.split(r"(?m)^(?=## )", text)
    kept = [part.rstrip("\n") + "\n" for part in sections if not part.startswith(f"## {title}\n")]
    with replacing(page) as part:
        part.write_text("\n".join([head.rstrip("\n") + "\n", *kept, section]))
