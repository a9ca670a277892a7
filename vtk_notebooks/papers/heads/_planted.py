"""Planted: how well a head finds moments that were put into made films, beside blind answers."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from vtk_notebooks.blind import BLIND
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.moment import Moment, tiou
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.protocols import Head
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run, tell
from vtk_notebooks.tokens import Tokens
from vtk_notebooks.training import Example, planted, train_head

WIDTH = 384  # channels of a ConSE token
H = TypeVar("H", bound=TrainedHead)


def made(first: int, many: int) -> list[Example]:
    """Films with a planted moment whose tokens are as wide as ConSE's."""
    return [planted(first + i, width=WIDTH, space="conse") for i in range(many)]


def trained(maker: type[H], films: int = 256, steps: int = 300, rate: float = 1e-3) -> H:
    """A head for ConSE tokens, trained on made films in seconds."""
    head = maker.new("conse", WIDTH, seed=0)
    told = partial(tell, "training")
    return train_head(head, made(0, films), steps, rate=rate, progress=told).head


def beside_blind(head: Head, many: int = 16) -> dict[str, float]:
    """Mean IoU of the best answer on films it never saw, and of the best of the blind answers."""
    films = made(10_000, many)
    ours = _mean_tiou(films, lambda f: head(f.tokens, f.query)[0])
    blind = (_mean_tiou(films, lambda f, b=b: b(f.tokens.duration_s)) for b in BLIND.values())
    return {"planted_tiou": ours, "blind_tiou": max(blind)}


def answered(head: TrainedHead, name: str, film: Path, query: str, **more: float) -> Demo:
    """The demo of a trained head: what it finds in a real film, and the planted moments it finds.

    Args:
        head: for ConSE tokens.
        name: under which it is registered.
        film: a video file.
        query: what to look for.
        more: numbers by name.
    """
    with TemporaryDirectory() as folder:
        file = head.save(Path(folder) / f"{name}.safetensors").file
        done = run(Recipe((Part("conse"),), head=Part(name, {"file": file})), film, query)
        return demo_of(done, **beside_blind(head), **more)


def shipped(head: TrainedHead, name: str, film: Path, query: str, **more: float) -> Demo:
    """The same for a head whose weights come with the package: it answers at once.

    Args:
        head: with weights for ConSE tokens.
        name: under which it is registered.
        film: a video file.
        query: what to look for.
        more: numbers by name.
    """
    done = run(Recipe((Part("conse"),), head=Part(name, {"file": head.file})), film, query)
    return demo_of(done, **beside_blind(head), **more)


def films_told_apart(score: Callable[[Tokens, Query], float], many: int) -> float:
    """Part of questions whose own film scores highest of so many made ones."""
    films = made(20_000, many)
    best = [max(range(many), key=lambda i, f=f: score(films[i].tokens, f.query)) for f in films]
    return sum(i == j for i, j in enumerate(best)) / many


def _mean_tiou(films: Sequence[Example], answer: Callable[[Example], Moment]) -> float:
    return sum(tiou(answer(f), f.moments[0]) for f in films) / len(films)
