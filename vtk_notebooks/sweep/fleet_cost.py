"""Fleet cost: how long a sweep of many clips takes and what it costs, by simulating its workers.

Blocks of clips go to whichever worker is free; a worker writes what it computed into a store that
all of them share, one after the other; workers are taken back at random and come again after they
have started and loaded their models. What a lost worker had not yet remembered is done again.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from vtk_notebooks.errors import VtkError


@dataclass(frozen=True)
class ClipCost:
    """What one clip costs on one core.

    Args:
        decode_s: to sample its frames.
        encode_s: for all encoders.
        squeeze_s: for what follows, of one recipe.
        store_mb: that are written for its encoded tokens.
        row_mb: that are written for one recipe.
        spread: of the seconds between clips, as standard deviation over mean.
    """

    decode_s: float
    encode_s: float
    squeeze_s: float
    store_mb: float
    row_mb: float
    spread: float = 0.0

    def seconds(self, recipes: int) -> float:
        """Of a worker, for all recipes: what they share is done once."""
        return self.decode_s + self.encode_s + recipes * self.squeeze_s

    def megabytes(self, recipes: int) -> float:
        """That the store takes."""
        return self.store_mb + recipes * self.row_mb


@dataclass(frozen=True)
class Fleet:
    """Machines to rent.

    Args:
        workers: of one core each, at once.
        price_per_h: of one worker.
        start_s: until a new worker has its models.
        lost_per_h: how often a worker is taken back.
        store_mb_per_s: that the store takes from all workers together.
        remembers: what a lost worker need not do again: each "film" that is finished, only whole
            "block"s, or "nothing" of a job that one worker does in one go.
        block: clips that a worker takes in hand at once.
    """

    workers: int
    price_per_h: float
    start_s: float
    lost_per_h: float = 0.0
    store_mb_per_s: float = float("inf")
    remembers: str = "film"
    block: int = 1


@dataclass(frozen=True)
class Bill:
    """What came out.

    Args:
        hours: until the last clip is done.
        paid_h: of all workers, from their first start to the end of all.
        price: for that.
        useful_h: of them that had to be computed once.
        losses: workers that were taken back.
    """

    hours: float
    paid_h: float
    price: float
    useful_h: float
    losses: int

    @property
    def overhead(self) -> float:
        """Paid hours above useful ones, as a share of these."""
        return self.paid_h / self.useful_h - 1


def simulated(clips: int, recipes: int, cost: ClipCost, fleet: Fleet, seed: int = 0) -> Bill:
    """Every block of a sweep from its worker's hand into the store.

    Raises:
        VtkError: for nothing to do, or nobody to do it.
    """
    if clips < 1 or recipes < 1 or fleet.workers < 1 or fleet.block < 1:
        raise VtkError("simulated", "clips, recipes, workers and a block of 1 or more", "less")
    if fleet.remembers not in ("film", "block", "nothing"):
        raise VtkError("simulated", "'film', 'block' or 'nothing' remembered", fleet.remembers)
    draw = np.random.default_rng(seed)
    each_s, written_s = cost.seconds(recipes), cost.megabytes(recipes) / fleet.store_mb_per_s
    sizes = _blocks(clips, fleet)
    spread = cost.spread * np.sqrt(sizes) * draw.standard_normal(len(sizes))
    work_s = np.maximum(each_s * (sizes + spread), 0.1 * each_s * sizes)
    many = min(fleet.workers, len(sizes))
    lost_at_s = [_lifetime(draw, fleet) for _ in range(many)]
    events = [(fleet.start_s, number, 0.0) for number in range(many)]  # when, whose, to write
    waiting, store_free_s, ends_s, losses = iter(zip(sizes, work_s, strict=True)), 0.0, 0.0, 0
    while events:
        now_s, worker, writes_s = heapq.heappop(events)
        if writes_s:  # one after the other, in the order in which they come
            store_free_s = max(store_free_s, now_s) + writes_s
            heapq.heappush(events, (store_free_s, worker, 0.0))
            continue
        ends_s = max(ends_s, now_s)
        if (block := next(waiting, None)) is None:
            continue
        size, left_s = block
        unit_s = left_s / size if fleet.remembers == "film" else left_s
        while lost_at_s[worker] < now_s + left_s:
            done_s = max(0.0, lost_at_s[worker] - now_s)
            left_s -= unit_s * (done_s // unit_s)
            now_s = max(now_s, lost_at_s[worker]) + fleet.start_s
            lost_at_s[worker] = now_s + _lifetime(draw, fleet)
            losses += 1
        heapq.heappush(events, (now_s + left_s, worker, written_s * size))
    paid_h = many * ends_s / 3600
    useful_h = clips * each_s / 3600
    return Bill(ends_s / 3600, paid_h, paid_h * fleet.price_per_h, useful_h, losses)


def _blocks(clips: int, fleet: Fleet) -> np.ndarray:
    """Sizes of what is taken in hand; without a memory, each worker's whole share."""
    block = -(-clips // fleet.workers) if fleet.remembers == "nothing" else fleet.block
    whole, rest = divmod(clips, block)
    return np.array([block] * whole + ([rest] if rest else []))


def _lifetime(draw: np.random.Generator, fleet: Fleet) -> float:
    return 3600 * draw.exponential(1 / fleet.lost_per_h) if fleet.lost_per_h else float("inf")
