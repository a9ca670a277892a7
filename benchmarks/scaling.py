"""What a sweep of a million clips would take: measured on a few, simulated for many.

Core-seconds of decoding, encoding and squeezing and megabytes in the store are measured on the
gallery films, in this process, by its processor time, so that a busy machine does not matter. The
simulation is `vtk_notebooks.sweep.fleet_cost`. With `--write` docs/scaling.md and its picture are
made anew.

    python benchmarks/scaling.py [--write] [--spot-price 0.015] [--price 0.05] [--start 60]
"""

import argparse
import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from _scaling_picture import picture

from vtk_notebooks.atomic import replacing
from vtk_notebooks.runs import versions
from vtk_notebooks.starters import starter_recipes
from vtk_notebooks.store import Store
from vtk_notebooks.sweep import ablate
from vtk_notebooks.sweep.fleet_cost import Bill, ClipCost, Fleet, simulated
from vtk_notebooks.video import gallery_films, open_clip

DOCS = Path(__file__).parents[1] / "docs"
QUESTION = "a person riding a bicycle"
COUNTS = (100, 1_000, 10_000, 100_000, 1_000_000)
WORKERS = (8, 64, 512)
LOSSES_PER_H = (0.0, 0.05, 0.5, 2.0)
RATES_MB_PER_S = (100.0, 500.0, 1000.0, 5000.0)
SPREAD = 0.5  # assumed: clips of a collection differ more than three films can show


def measured() -> ClipCost:
    """Of one clip of the gallery, on one core."""
    recipes = list(starter_recipes().values())
    first, films = recipes[0], list(gallery_films().values())
    with tempfile.TemporaryDirectory() as folder:
        ablate(first, films[0], QUESTION, store=Store(Path(folder) / "warm"))  # models are loaded
        decode_s = _spent(lambda: [_sample(path, first.frames, first.short_side) for path in films])
        store = Store(Path(folder) / "store")
        one_s = _spent(lambda: ablate(first, films, QUESTION, store=store))
        one_mb = sum(e.bytes for e in store.entries()) / 1e6
        all_s = _spent(lambda: ablate(recipes, films, QUESTION, store=store))
        all_mb = sum(e.bytes for e in store.entries()) / 1e6
    many, more = len(films), len(films) * (len(recipes) - 1)
    squeeze_s = max(0.0, all_s - decode_s) / more
    encode_s = max(0.0, (one_s - decode_s) / many - squeeze_s)
    row_mb = (all_mb - one_mb) / more
    return ClipCost(
        decode_s / many, encode_s, squeeze_s, max(0.0, one_mb / many - row_mb), row_mb, SPREAD
    )


def _spent(work) -> float:  # a function without arguments
    start_s = time.process_time()
    work()
    return time.process_time() - start_s


def _sample(path: Path, frames: int, short_side: int) -> None:
    with open_clip(path) as film:
        film.sample(frames, short_side=short_side)


def block_of(clips: int) -> int:
    """As `ablate(engine="ray")` has it: 10,000 blocks at most."""
    return max(1, -(-clips // 10_000))


def curve(cost: ClipCost, args: argparse.Namespace) -> dict[tuple[int, int], Bill]:
    """(clips, workers) -> what it takes on spot machines."""
    return {
        (clips, workers): simulated(clips, args.recipes, cost, _fleet(args, clips, workers))
        for clips in COUNTS
        for workers in WORKERS
    }


def _fleet(args: argparse.Namespace, clips: int, workers: int, **other: object) -> Fleet:
    told = {
        "price_per_h": args.spot_price,
        "start_s": args.start,
        "lost_per_h": args.lost,
        "block": block_of(clips),
    }
    return Fleet(workers, **{**told, **other})  # type: ignore[arg-type]


def page(cost: ClipCost, bills: dict[tuple[int, int], Bill], args: argparse.Namespace) -> str:
    """The plan as a text, every number of it computed here."""
    command = f"python benchmarks/scaling.py --write{_changed(args)}"
    made_on = f"{_processor()}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}"
    software = ", ".join(f"{k} {v}" for k, v in versions().items() if k in ("python", "torch"))
    lines = [
        "# From three clips to a million",
        "",
        f"Made by `{command}` ({made_on}; {software}).",
        "Measured numbers and assumptions are kept apart below; hours and prices are simulated"
        " from",
        "both by `vtk_notebooks.sweep.fleet_cost`.",
        "",
        "## Measured",
        "",
        "Processor time on one core, mean of the three gallery films, 32 frames each, with models",
        "loaded:",
        "",
        "| of one clip | |",
        "|---|---|",
        f"| decode | {cost.decode_s:.2f} core-s |",
        f"| encode (DINOv2 ViT-S and ConSE) | {cost.encode_s:.2f} core-s |",
        f"| squeeze and find moments, each recipe | {cost.squeeze_s:.3f} core-s |",
        f"| into the store, once | {cost.store_mb:.2f} MB |",
        f"| into the store, each recipe | {cost.row_mb:.2f} MB |",
        "",
        "## Assumed",
        "",
        f"- {args.recipes} recipes that share their encoders; one question a clip.",
        "- Every worker is paid until the last one is done.",
        f"- A spot core costs {args.spot_price:g} an hour, one that stays {args.price:g}, in any"
        " currency: put in your provider's.",
        f"- A spot worker is taken back {args.lost:g} times an hour, and a new one has its models"
        f" after {args.start:g} s.",
        "- Stages stay on the machine that made them and rows go home, as workers do that do not"
        " see the sweep's folder; what a shared store changes is said below.",
        f"- Clips differ in cost by {SPREAD:.0%} of the mean; other collections are longer or"
        " shorter than these films, and cost in proportion to the frames that are decoded.",
        "- Cores of the fleet are as fast as the one measured; films are read from where they are"
        " used; sending a film to a worker costs nothing.",
        "",
        "## Hours and price on spot cores",
        "",
        "![Hours and price against clips](images/scaling.svg)",
        "",
        "| clips | " + " | ".join(f"{w} workers" for w in WORKERS) + " |",
        "|---:|" + "---:|" * len(WORKERS),
    ]
    for clips in COUNTS:
        cells = [_bill(bills[clips, workers]) for workers in WORKERS]
        lines.append(f"| {clips:,} | " + " | ".join(cells) + " |")
    return "\n".join(
        [*lines, *_losses(cost, args), *_stores(cost, args), *_advice(cost, bills, args), ""]
    )


def _bill(bill: Bill) -> str:
    return f"{bill.hours:,.2f} h, {bill.price:,.2f}"


def _losses(cost: ClipCost, args: argparse.Namespace) -> list[str]:
    """What remembering is worth, on a fleet of the middle size."""
    clips, workers = 100_000, WORKERS[1]
    lines = [
        "",
        "## What a lost worker costs",
        "",
        f"Paid hours above those that had to be computed, {clips:,} clips on {workers} workers:",
        "",
        "| taken back, an hour | each film remembered (ours) | blocks of 100 | nothing |",
        "|---:|---:|---:|---:|",
    ]
    for lost in LOSSES_PER_H:
        cells = []
        for remembers, block in (("film", 10), ("block", 100), ("nothing", 1)):
            fleet = _fleet(args, clips, workers, lost_per_h=lost, remembers=remembers, block=block)
            hopeless = (
                remembers == "nothing"
                and lost * clips * cost.seconds(args.recipes) / 3600 / workers > 6
            )
            bill = None if hopeless else simulated(clips, args.recipes, cost, fleet)
            cells.append("never ends" if bill is None else f"{bill.overhead:.1%}")
        lines.append(f"| {lost:g} | " + " | ".join(cells) + " |")
    told = "Never ends: the share of one worker lasts more than six of its lives."
    return [*lines, "", told]


def _stores(cost: ClipCost, args: argparse.Namespace) -> list[str]:
    """From which size on a store that all share sets the pace."""
    clips = 10_000
    lines = [
        "",
        "## A store that all workers share",
        "",
        "saves what another worker has computed, but all write into it: "
        f"{cost.megabytes(args.recipes):.0f} MB a clip. Hours for {clips:,} clips:",
        "",
        "| store takes | " + " | ".join(f"{w} workers" for w in WORKERS) + " | busy with |",
        "|---:|" + "---:|" * len(WORKERS) + "---:|",
    ]
    for rate in RATES_MB_PER_S:
        fleets = [_fleet(args, clips, w, store_mb_per_s=rate) for w in WORKERS]
        hours = [simulated(clips, args.recipes, cost, fleet).hours for fleet in fleets]
        full = rate / cost.megabytes(args.recipes) * cost.seconds(args.recipes)
        cells = " | ".join(f"{h:.2f} h" for h in hours)
        lines.append(f"| {rate:,.0f} MB/s | {cells} | {full:,.0f} workers |")
    return lines


def _advice(
    cost: ClipCost, bills: dict[tuple[int, int], Bill], args: argparse.Namespace
) -> list[str]:
    clips, workers = COUNTS[-1], WORKERS[-1]
    spot = bills[clips, workers]
    fleet = _fleet(args, clips, workers, price_per_h=args.price, lost_per_h=0.0)
    stay = simulated(clips, args.recipes, cost, fleet)
    return [
        "",
        "## The plan",
        "",
        "1. Up to some thousand clips: `ablate(..., workers=N)` on one machine.",
        "2. Above: a head that stays and spot workers, this package on each, the films in a folder",
        '   that all see, and `ablate(..., engine="ray", workers=N)` on the head. Call it again'
        " after",
        "   whatever ends it: every finished film has its rows in the head's store.",
        "3. Share the store's folder only below the number of workers that keeps it busy.",
        f"4. A million clips on {workers} spot workers: {spot.hours:.1f} hours, {spot.paid_h:,.0f}"
        f" core-hours, {spot.losses:,} workers",
        f"   lost on the way, {spot.overhead:.1%} more than had to be computed, a price of"
        f" {spot.price:,.0f}; on as many cores",
        f"   that stay: {stay.hours:.1f} hours, a price of {stay.price:,.0f}.",
    ]


def _changed(args: argparse.Namespace) -> str:
    told = {"recipes": 12, "price": 0.05, "spot_price": 0.015, "lost": 0.05, "start": 60.0}
    return "".join(
        f" --{name.replace('_', '-')} {getattr(args, name):g}"
        for name, usual in told.items()
        if getattr(args, name) != usual
    )


def _processor() -> str:
    cpu = Path("/proc/cpuinfo")
    names = [
        line.partition(":")[2].strip()
        for line in (cpu.read_text().splitlines() if cpu.exists() else ())
        if line.startswith("model name")
    ]
    return names[0] if names else platform.processor() or platform.machine()


def main() -> None:
    """Measure, simulate, and print or write."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--recipes", type=int, default=12)
    asked.add_argument("--price", type=float, default=0.05, help="of a core that stays, an hour")
    asked.add_argument("--spot-price", type=float, default=0.015, help="of a spot core, an hour")
    asked.add_argument("--lost", type=float, default=0.05, help="workers taken back, an hour each")
    asked.add_argument("--start", type=float, default=60.0, help="seconds until models are loaded")
    asked.add_argument("--write", action="store_true")
    args = asked.parse_args()
    cost = measured()
    bills = curve(cost, args)
    text = page(cost, bills, args)
    print(text)
    if args.write:
        with replacing(DOCS / "scaling.md") as part:
            part.write_text(text, encoding="utf-8")
        picture(
            bills,
            COUNTS,
            WORKERS,
            DOCS / "images" / "scaling.svg",
            "python benchmarks/scaling.py --write",
        )


if __name__ == "__main__":
    main()
