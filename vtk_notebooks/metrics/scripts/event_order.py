"""Event order: scenes of a film, told out of order, are to be put into theirs.

After "Vript: A Video Is Worth Thousands of Words" (Yang et al., 2024, arXiv:2406.06040), whose
Vript-ERO shows descriptions of three scenes and reports @1, @2 and @3, the share of replies with
that many scenes in their place or more. Of three scenes in an order, two in place put the third
there too, so that @2 and @3 differ only for replies that repeat a scene.

What differs: the released script takes the first three of "Scene (X)", or else the first three
capitals of any word, and leaves out replies that are missing. Here only an order of just these
scenes is read, and nothing else is right. `upstream` does as the script does. Kendall's tau is
added; a reply that could not be read counts as -1 there, as an order that is all wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate


@register(
    "metric",
    "event_order",
    title="Vript-ERO",
    paper="Vript: A Video Is Worth Thousands of Words",
    year=2024,
    arxiv="2406.06040",
    atlas=("vript",),
)
@dataclass(frozen=True)
class EventOrder:
    """@1, @2, @3 and so on in percent, and Kendall's tau in [-1, 1].

    Args:
        upstream: take capitals where there is no order, leave out questions without a reply.
    """

    upstream: bool = False

    def __call__(
        self,
        replies: Sequence[str | None],
        orders: Sequence[Sequence[str]],
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "@1" up to the number of scenes, "tau", and "unread" in percent.

        Args:
            replies: to each question; None where there is none.
            orders: the letters of its scenes, as they happen; equally many for all questions.
            films: of each question; intervals then draw whole films.
        """
        if len(replies) != len(orders) or len({len(o) for o in orders}) != 1:
            got = f"{len(replies)} replies, {len(orders)} orders"
            raise VtkError("EventOrder", "a reply and an order of as many scenes each", got)
        said = [self.read(r, o) for r, o in zip(replies, orders, strict=True)]
        placed = np.array([_placed(s, o) for s, o in zip(said, orders, strict=True)])
        tau = np.array([kendall(s, o) for s, o in zip(said, orders, strict=True)])
        if self.upstream:
            none = [r is None for r in replies]
            placed[none], tau[none] = np.nan, np.nan
        unread = [s is None for s in said]
        reached = np.where(np.isnan(placed), np.nan, _counts(orders) <= placed[:, None].T)
        return {
            **{f"@{k}": Estimate.mean(r, films, scale=100) for k, r in enumerate(reached, 1)},
            "tau": Estimate.mean(tau, films),
            "unread": Estimate.mean(unread, films, scale=100),
        }

    def read(self, reply: str | None, scenes: Sequence[str]) -> tuple[str, ...] | None:
        """The order that a reply gives; None where it gives none."""
        n, reply = len(scenes), reply or ""
        if self.upstream:
            found = re.findall(r"Scene \(([A-Z])\)", reply)[:n]
            found = found if len(found) == n else re.findall("[A-Z]", reply)[:n]
            return tuple(found) if len(found) == n else None
        marked = re.findall(r"\(([A-Z])\)", reply)[:n]
        bare = re.findall(r"(?<![\w'])([A-Z])(?![\w'])", reply)
        orders = [tuple(f) for f in (marked, bare) if sorted(f) == sorted(scenes)]
        return orders[0] if orders else None

    @classmethod
    def example(cls) -> tuple[list[str], list[tuple[str, ...]]]:
        """One film of three scenes, put into their order."""
        return ["Scene (B), Scene (A), Scene (C)"], [("B", "A", "C")]


def kendall(said: Sequence[str] | None, order: Sequence[str]) -> float:
    """Pairs in order minus pairs out of order, over all pairs; -1 for no order at all.

    A scene that is not there, or twice, is in order with nothing.
    """
    if said is None or sorted(said) != sorted(order):
        return -1.0
    pairs = list(combinations([order.index(letter) for letter in said], 2))
    return float(np.mean([1.0 if a < b else -1.0 for a, b in pairs])) if pairs else 1.0


def _placed(said: Sequence[str] | None, order: Sequence[str]) -> float:
    """How many scenes are in their place."""
    return 0.0 if said is None else float(sum(a == b for a, b in zip(said, order, strict=True)))


def _counts(orders: Sequence[Sequence[str]]) -> np.ndarray:
    return np.arange(1, len(orders[0]) + 1)[:, None]
