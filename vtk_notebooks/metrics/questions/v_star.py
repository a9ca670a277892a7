"""V-STaR: what happens, when, and where? Chains of questions, scored together.

After "V-STaR: Benchmarking Video-LLMs on Video Spatio-Temporal Reasoning" (Cheng et al., 2025,
arXiv:2503.11495).

What follows the paper: each question of what is rated by a judge from 0 to 3 and is right from 2
on; its moment counts by temporal IoU, its boxes by the mean IoU over all annotated frames; when and
where are asked in two orders (chain 1: what-when-where, chain 2: what-where-when). For each chain
AM = (Acc + m_tIoU + m_vIoU) / 3 and LGM = -(ln(1 - Acc) + ln(1 - m_tIoU) + ln(1 - m_vIoU)) / 3,
and mAM and mLGM are the means over both. All numbers are fractions, as its script prints them.
What differs: what was not answered counts as 0 everywhere; the script leaves it out of every mean
but Acc (`upstream`). LGM grows without bound as a mean nears 1, so that means are cut at `most`.
Spans in words are read as literals, never evaluated; prose is no span. The judge's prompt is in our
own words. The README says "above 2" on a scale of 0 to 4, the script 2 and more of 3: we follow the
script. The published annotations were not at hand, so no published score could be verified.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float

from vtk_notebooks.answers import literal_span, rating
from vtk_notebooks.errors import VtkError
from vtk_notebooks.judge import Judge
from vtk_notebooks.registry import register
from vtk_notebooks.spans import hull_iou
from vtk_notebooks.statistics import Estimate

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
CHAINS = (1, 2)
UNREADABLE = -1.0
"""The rating where a judge replied but gave none."""


@dataclass(frozen=True)
class Chained:
    """One question of what, when and where, and what was said to it.

    Args:
        span: when it happens, in seconds.
        boxes: where, by the time of each annotated frame.
        what: the judge's rating, see `rated`; None where nothing was answered.
        when: said in chain 1 and chain 2: a pair, or a literal such as "[4, 10]".
        where: said in chain 1 and chain 2: one box, or several, by time.
        film: whose questions stand or fall together.
    """

    span: tuple[float | int, float | int]
    boxes: Mapping[str, Box | Sequence[float | int]]
    what: float | int | None = None
    when: tuple[Any, Any] = (None, None)
    where: tuple[Any, Any] = (None, None)
    film: str = ""


@register(
    "metric",
    "v_star",
    title="V-STaR",
    paper="V-STaR: Benchmarking Video-LLMs on Video Spatio-Temporal Reasoning",
    year=2025,
    arxiv="2503.11495",
    atlas=("v_star",),
)
@dataclass(frozen=True)
class VStar:
    """Accuracy, temporal and spatial overlap, and their arithmetic and logarithmic means.

    Args:
        right_from: rating from which an answer to "what" is right.
        tious: thresholds of R1, of which the first one counts in joint shares.
        vious: thresholds of AP, likewise.
        most: where means are cut before their logarithm is taken.
        mode: "upstream" leaves unanswered questions out of all means but Acc.
    """

    right_from: float | int = 2
    tious: tuple[float, ...] = (0.3, 0.5, 0.7)
    vious: tuple[float, ...] = (0.1, 0.3, 0.5, 0.7, 0.9)
    most: float = 0.999999
    mode: Literal["strict", "upstream"] = "strict"

    def __call__(self, asked: Sequence[Chained]) -> dict[str, Estimate]:
        """Numbers by name; those of a chain start with "chain 1" or "chain 2"."""
        if not len(asked) or not all(one.boxes for one in asked):
            expected = "one or more questions, each with one or more annotated frames"
            raise VtkError("VStar", expected, f"{len(asked)} questions")
        films = [one.film for one in asked]
        right = np.array([one.what is not None and one.what >= self.right_from for one in asked])
        gone = np.array([self.mode == "upstream" and one.what is None for one in asked])
        chains = [chain_scores(asked, c, right, gone, self.tious, self.vious) for c in CHAINS]
        each = {
            f"chain {c} {k}": v for c, x in zip(CHAINS, chains, strict=True) for k, v in x.items()
        }
        columns = [right, *(x[name] for x in chains for name in ("m_tIoU", "m_vIoU"))]
        return {
            **{name: Estimate.mean(v, films) for name, v in ({"Acc": right} | each).items()},
            **joined(np.stack(columns), films, self.most),
            **{name: Estimate.mean(v, films) for name, v in unread(asked).items()},
        }

    @classmethod
    def example(cls) -> tuple[list[Chained]]:
        """Two questions about one film, answered fully right; LGM is then bounded by `most`."""
        boxes = {"3": (10.0, 10.0, 50.0, 60.0), "4": (12.0, 10.0, 52.0, 60.0)}
        spans = [(3.0, 5.0), (0.0, 4.5)]
        return ([Chained(s, boxes, 3, (str(list(s)), s), (boxes, boxes), "a film") for s in spans],)


def chain_scores(
    asked: Sequence[Chained],
    chain: int,
    right: Bool[np.ndarray, "n"],
    gone: Bool[np.ndarray, "n"],
    tious: Sequence[float] = (0.3,),
    vious: Sequence[float] = (0.1,),
) -> dict[str, Float[np.ndarray, "n"]]:
    """What each question adds to the numbers of one chain, by name.

    Args:
        asked: the questions.
        chain: 1 or 2.
        right: whether "what" was answered.
        gone: questions that count in no mean, only in shares of all questions.
        tious: thresholds of temporal IoU; the first one counts where two answers must be right.
        vious: thresholds of the IoU of boxes, likewise.
    """
    said = [literal_span(one.when[chain - 1]) or (math.nan, math.nan) for one in asked]
    tiou = hull_iou(np.array([one.span for one in asked], dtype=float), np.array(said))
    frames = [frame_ious(one.boxes, one.where[chain - 1]) for one in asked]
    viou = np.array([iou.mean() for iou in frames])
    means = {f"R1@{m:g}": tiou >= m for m in tious} | {"m_tIoU": tiou}
    means |= {f"AP@{m:g}": np.array([(iou >= m).mean() for iou in frames]) for m in vious}
    means |= {"m_vIoU": viou}
    when, where = tiou >= tious[0], viou >= vious[0]
    shares = {
        "VQA & Temp": right & when,
        "VQA & Spat": right & where,
        "Temp & Spat": when & where,
        "VQA & Temp & Spat": right & when & where,
    }
    means = {name: np.where(gone, np.nan, values) for name, values in means.items()}
    return means | {name: (values & ~gone).astype(float) for name, values in shares.items()}


def joined(
    columns: Float[np.ndarray, "5 n"], films: Sequence[str], most: float = 1.0
) -> dict[str, Estimate]:
    """AM and LGM of both chains, and the means of both.

    Args:
        columns: right, then temporal and spatial overlap in chain 1, then those in chain 2.
        films: of each question.
        most: where means are cut for LGM.
    """
    first, second = [0, 1, 2], [0, 3, 4]
    over = {"1": [first], "2": [second], "m": [first, second]}
    ways = {"AM": am, "LGM": lambda means: lgm(np.minimum(means, most))}
    out = {}
    for (name, way), (which, chains) in product(ways.items(), over.items()):
        label = f"m{name}" if which == "m" else f"{name}{which}"
        mean = partial(_mean_of, way, chains)
        out[label] = Estimate.of_means(columns, mean, films)
    return out


def am(means: Float[np.ndarray, "k r"]) -> Float[np.ndarray, "r"]:
    """Arithmetic mean."""
    return np.mean(means, axis=0)


def lgm(means: Float[np.ndarray, "k r"]) -> Float[np.ndarray, "r"]:
    """Logarithmic mean, -ln(1 - x) averaged: never below the arithmetic one."""
    return -np.log1p(-means).mean(axis=0)


def rated(question: str, truth: str, said: str | None, judge: Judge) -> float | None:
    """A judge's rating of an answer to "what", 0 to 3; None unanswered, -1 where it gave none."""
    if not said:
        return None
    prompt = (
        "How well does an answer mean the same as the right one? 0 not at all, 1 little, 2 mostly, "
        "3 fully; grammar does not matter. Reply with the number alone.\n"
        f"Question: {question}\nRight answer: {truth}\nAnswer: {said}"
    )
    found = rating(judge(prompt), 0, 3)
    return UNREADABLE if found is None else found


def frame_ious(boxes: Mapping[Any, Any], said: Any) -> Float[np.ndarray, "t"]:
    """For each annotated frame the IoU of the best box said for it; 0 where there is none."""
    where = {_time(t): box for t, box in said.items()} if isinstance(said, Mapping) else {}
    out = []
    for time, truth in boxes.items():
        pairs = _boxes(where.get(_time(time)))
        iou = box_iou(np.array(truth, dtype=float)[None], pairs) if len(pairs) else np.zeros(1)
        out.append(float(iou.max()))
    return np.array(out)


def box_iou(
    a: Float[np.ndarray, "*#n 4"], b: Float[np.ndarray, "*#n 4"]
) -> Float[np.ndarray, "..."]:
    """IoU of boxes, pair by pair; inverted and empty ones give 0."""
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    inter = (high - low).clip(0).prod(-1)
    area = sum((x[..., 2:] - x[..., :2]).prod(-1) for x in (a, b))
    return np.divide(inter, area - inter, out=np.zeros(inter.shape), where=inter > 0)


def _boxes(said: Any) -> Float[np.ndarray, "k 4"]:
    """The boxes said for one frame: one, a list of them, or none that can be read."""
    listed = said if isinstance(said, list | tuple) else []
    if len(listed) == 4 and all(isinstance(v, int | float) for v in listed):
        listed = [listed]
    found = [b for b in listed if isinstance(b, list | tuple) and len(b) == 4]
    found = [b for b in found if all(isinstance(v, int | float) and math.isfinite(v) for v in b)]
    return np.array(found, dtype=float).reshape(-1, 4)


def _time(time: Any) -> str:
    """The times 3, 3.0 and "3" are one."""
    try:
        return f"{float(time):g}"
    except (TypeError, ValueError):
        return str(time)


def unread(asked: Sequence[Chained]) -> dict[str, Float[np.ndarray, "n"]]:
    """1 where nothing was said to one of the three questions, or nothing that can be read."""
    gone = {
        "what": [one.what is None or one.what == UNREADABLE for one in asked],
        "when": [any(literal_span(w) is None for w in one.when) for one in asked],
        "where": [not all(isinstance(w, Mapping) and w for w in one.where) for one in asked],
    }
    return {f"unread {kind}": np.array(values, dtype=float) for kind, values in gone.items()}


def _mean_of(way: Any, chains: Sequence[Sequence[int]], means: np.ndarray) -> np.ndarray:
    return np.mean([way(means[list(chain)]) for chain in chains], axis=0)
