"""Heads that learn, on made films they never saw, beside the best of the blind answers.

Each head is trained anew on one core, on films with planted moments, and asked for 200 others. The
prior knows the median start and end of the training films; "margin" is a head's IoU above it, in
percent, with its paired 95 % interval. On `made_pairs` it is asked for pairs of things that it has
only met apart. With `--write` the weights become those of the package.

    python benchmarks/heads.py [--plan made|conse|...] [--heads NAME ...] [--write]
"""

import argparse
import time

import torch

from vtk_notebooks.blind import prior_span
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.metrics.moments.recall import Recall, best_ious
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import names, parameters
from vtk_notebooks.statistics.paired import compare
from vtk_notebooks.training.shipped import PLANS, UNSEEN, Plan, shipped_file, train_shipped

LEARNED = [name for name in names("head") if "file" in parameters("head", name)]


def row(name: str, plan: str, many: int, write: bool) -> str:
    """A head's line of the table."""
    start_s = time.perf_counter()
    done = train_shipped(name, plan)
    lasted_s = time.perf_counter() - start_s
    if write:
        file = shipped_file(name, plan)
        file.parent.mkdir(exist_ok=True)
        done.head.save(file)
    films = [PLANS[plan].made(UNSEEN + i) for i in range(many)]
    said = [done.head(film.tokens, film.query) for film in films]
    truths = [list(film.moments) for film in films]
    score = Recall(at=(1,))(said, truths)
    ours, blind = (
        best_ious(said, truths, 1)[:, 0],
        best_ious(prior(PLANS[plan], many), truths, 1)[:, 0],
    )
    margin = compare(100 * blind, 100 * ours).difference
    shown = [score[key] for key in ("R1@0.5", "R1@0.7", "mIoU")]
    cells = [f"{float(x):5.1f} [{x.low:.1f}, {x.high:.1f}]" for x in [*shown, margin]]
    return " | ".join([f"{name:22}", f"{weights(done.head):8,}", f"{lasted_s:6.1f}", *cells])


def prior(plan: Plan, many: int) -> list[list[Moment]]:
    """The same answer for every film: the training films' median span."""
    seen = [plan.made(i) for i in range(plan.films)]
    blind = prior_span(
        [film.moments[0] for film in seen], [film.tokens.duration_s for film in seen]
    )
    return [[blind(seen[0].tokens.duration_s)] for _ in range(many)]


def weights(head: TrainedHead) -> int:
    """How many numbers it learned."""
    return sum(w.numel() for w in head.kernel.parameters())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--plan", choices=sorted(PLANS), default="made")
    parser.add_argument("--heads", nargs="+", choices=LEARNED, default=LEARNED)
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="put the weights into the package")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    print("head | weights | training s | R1@0.5 % | R1@0.7 % | mIoU % | IoU % above the prior")
    for name in asked.heads:
        print(row(name, asked.plan, asked.films, asked.write), flush=True)
