"""E.T. Bench: twelve tasks about events and their times, from one file of answers in words.

After "E.T. Bench: Towards Open-Ended Event-Level Video-Language Understanding" (Liu et al., 2024,
arXiv:2409.18111).

What follows the paper: referring tasks (rar, eca, rvq) by accuracy; grounding by F1 at IoU .1, .3,
.5 and .7: of the first span (tvg, epm), of all spans as a set (tal), of whole seconds (evs), of the
first time (vhd, within any annotator's span); dense captions (dvc, slc) by F1 and by the similarity
of sentences whose spans meet; complex tasks (tem, gvq) by recall of the first span, for gvq only
where the choice is right. A task is the mean of its sources, and five merged numbers are means of
tasks. Where no letter can be read, the choice most similar to the response counts, and the response
counts as "Failed" as well.
What differs: `strict` reads spans and letters with our rules and counts what was not answered as 0.
`upstream` repeats the script that was read, a copy in another repository; the original could not be
verified. It takes the first number of a sentence for a time, turns inverted spans round, knows 1000
seconds, reads the article in "a man walks" as choice A, asks for more than the threshold in dense
captions, and leaves unread responses out of the means of evs and of sentence similarity.
Sentences of dense captions are found by our rules in both modes; where the script compares a
sentence that meets none with random letters, we count 0. Similarity is injected: the paper's is
all-MiniLM-L6-v2.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float

from vtk_notebooks.answers import captions_in, first_time, letter_index, spans_in
from vtk_notebooks.answers.spans import released_spans
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.spans import all_ious, union_s
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.text.captions import covered, f1
from vtk_notebooks.text.sentences import Similarity

Seconds = tuple[float | int, float | int]
THRESHOLDS = np.array([0.1, 0.3, 0.5, 0.7])
MERGED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Acc (ref)": ("rar", "eca", "rvq"),
        "F1 (gnd)": ("tvg", "epm", "tal", "evs", "vhd"),
        "F1 (cap)": ("dvc", "slc"),
        "Sim (cap)": ("dvc", "slc"),
        "Rec (com)": ("tem", "gvq"),
    }
)
"""The published summary: which tasks make which number."""
_MAP_S = 1000


@dataclass(frozen=True)
class Answered:
    """One sample and the response to it.

    Args:
        task: a name in `MERGED`.
        said: the response, "" where there was none.
        spans: the true stretches in seconds; for vhd those of all annotators.
        sentences: of dense captions, one for each span.
        choices: what a question offers.
        right: number of the right choice, from 0.
        film: whose samples stand or fall together.
        source: data set that the sample comes from.
    """

    task: str
    said: str
    spans: tuple[Seconds, ...] = ()
    sentences: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    right: int = -1
    film: str = ""
    source: str = ""


@register(
    "metric",
    "et_bench",
    title="E.T. Bench",
    paper="E.T. Bench: Towards Open-Ended Event-Level Video-Language Understanding",
    year=2024,
    arxiv="2409.18111",
    atlas=("et_bench",),
)
@dataclass(frozen=True)
class EtBench:
    """A number or two per task, five merged ones, and "Failed"; all in percent.

    Args:
        mode: "strict" reads with our rules, "upstream" as the released script.
    """

    mode: Literal["strict", "upstream"] = "strict"

    def __call__(
        self, answered: Sequence[Answered], similarity: Similarity | None = None
    ) -> dict[str, Estimate]:
        """Numbers as "TVG (F1)"; a merged one only where all of its tasks are there.

        Args:
            answered: samples of one or more tasks.
            similarity: of two texts; without it there is no "Sim", and no choice is got from it.
        """
        if not len(answered) or not all(map(_whole, answered)):
            expected = f"one or more samples of {sorted(_SCORE)}, each with what is right"
            odd = next((one for one in answered if not _whole(one)), "none")
            raise VtkError("EtBench", expected, odd)
        rows = [score(one, self.mode, similarity) for one in answered]
        out = {}
        for merged, tasks in MERGED.items():
            kind = merged.split()[0]
            there = [task for task in tasks if any(one.task == task for one in answered)]
            if kind == "Sim" and similarity is None:
                continue
            for task in there:
                out[f"{task.upper()} ({kind})"] = mean_over(kind, [task], answered, rows)
            if len(there) == len(tasks):
                out[merged] = mean_over(kind, tasks, answered, rows)
        films = [one.film for one in answered]
        failed = Estimate.mean([row["failed"][0] for row in rows], films, scale=100)
        return {**out, "Failed": failed}

    @classmethod
    def example(cls) -> tuple[list[Answered], Similarity]:
        """One sample of each task, each answered as it should be, and texts alike where equal."""
        spans, said = ((0, 4), (10, 20)), "0 - 4 seconds, sit. 10 - 20 seconds, run."
        tasks = [
            *(Answered(t, "B", choices=("sit", "run"), right=1) for t in MERGED["Acc (ref)"]),
            *(Answered(t, "0 - 4 seconds", spans[:1]) for t in ("tvg", "epm", "vhd", "tem")),
            *(Answered(t, said, spans, ("sit", "run")) for t in ("tal", "evs", "dvc", "slc")),
            Answered("gvq", "B, at 0 - 4 seconds", spans[:1], (), ("sit", "run"), 1),
        ]
        return tasks, lambda a, b: float(a == b)


def score(
    one: Answered, mode: str = "strict", similarity: Similarity | None = None
) -> dict[str, Float[np.ndarray, "k"]]:
    """What one sample adds: columns by kind ("Acc", "F1", "Rec", "Sim"), and whether it failed.

    A column per threshold; the F1 of dense captions has those of precision, then of recall.
    """
    values, failed = _SCORE[one.task](one, mode, similarity)
    out = {"failed": np.array([float(failed)])}
    if one.task in MERGED["F1 (cap)"]:
        return out | {"F1": values[:8], "Sim": values[8:]}
    kind = next(merged.split()[0] for merged, tasks in MERGED.items() if one.task in tasks)
    return out | {kind: values}


def mean_over(
    kind: str,
    tasks: Sequence[str],
    answered: Sequence[Answered],
    rows: Sequence[Mapping[str, Float[np.ndarray, "k"]]],
) -> Estimate:
    """The mean of tasks, each the mean of its sources, in percent."""
    here = [(one, row[kind]) for one, row in zip(answered, rows, strict=True) if one.task in tasks]
    cells = [(one.task, one.source) for one, _ in here]
    columns = np.stack([values for _, values in here], axis=1)
    names = list(dict.fromkeys(cells))
    within = np.array([[cell == name for cell in cells] for name in names])
    split = np.where(within[:, None], columns, np.nan).reshape(-1, len(cells))
    sources = Counter(task for task, _ in names)
    weight = np.array([1 / sources[task] for task, _ in names])[:, None]

    def of_means(means: Float[np.ndarray, "k r"]) -> Float[np.ndarray, "r"]:
        each = means.reshape(len(names), len(columns), -1)
        value = f1(each[:, :4], each[:, 4:]).mean(1) if len(columns) == 8 else each.mean(1)
        return 100 * np.nansum(weight * value, 0) / (weight * ~np.isnan(value)).sum(0)

    return Estimate.of_means(split, of_means, [one.film for one, _ in here])


def seconds_f1(said: Sequence[Seconds], truth: Sequence[Seconds]) -> float:
    """F1 of the whole seconds that said and true spans cover, their ends rounded."""
    said, truth = ([(max(0, round(a)), round(b)) for a, b in spans] for spans in (said, truth))
    a, b, either = (union_s(_spans(spans)) for spans in (said, truth, [*said, *truth]))
    return 2 * (a + b - either) / (a + b) if a + b else 0.0


def chosen(one: Answered, mode: str, similarity: Similarity | None) -> tuple[int, bool]:
    """The choice that counts, -1 for none, and whether a letter was read."""
    choices = list(one.choices)
    index = letter_index(one.said, choices) if mode == "strict" else _released_letter(one)
    if index is not None or similarity is None or not one.said.strip():
        return (-1 if index is None else index), index is not None
    alike = [similarity(one.said, f"({chr(65 + i)}) {c}") for i, c in enumerate(choices)]
    return int(np.argmax(alike)), False


def _released_letter(one: Answered) -> int | None:
    said, letters = one.said.lower(), [chr(97 + i) for i in range(len(one.choices))]
    marked = re.search(r"\(([a-z])\)", said) if one.task != "gvq" else None
    start = re.match(r"(?:best option:)?\s*\(?\s*([a-z])(?:\Z|[.,) ])", said)
    found = [m[1] for m in (marked, start) if m and m[1] in letters]
    return letters.index(found[0]) if found else None


def _read(one: Answered, mode: str) -> list[Seconds]:
    return list(spans_in(one.said) if mode == "strict" else released_spans(one.said))


_Scored = tuple[Float[np.ndarray, "k"], bool]
"""Columns of one sample, and whether its response could not be read."""


def _choice(one: Answered, mode: str, similarity: Similarity | None) -> _Scored:
    index, read = chosen(one, mode, similarity)
    return np.full(4, float(index == one.right)), not read


def _first_span(one: Answered, mode: str, similarity: Similarity | None) -> _Scored:
    said = _read(one, mode)
    best = all_ious(_spans(said[:1]), _spans(one.spans)).max(initial=0.0)
    return (best >= THRESHOLDS).astype(float), not said


def _first_time(one: Answered, mode: str, similarity: Similarity | None) -> _Scored:
    found = re.search(r"[-+]?\d*\.\d+|[-+]?\d+", one.said)
    time = float(found[0]) if found else None
    time = first_time(one.said) if mode == "strict" else time
    right = time is not None and any(a <= time <= b for a, b in one.spans)
    return np.full(4, float(right)), time is None


def _span_set(one: Answered, mode: str, similarity: Similarity | None) -> _Scored:
    said = _read(one, mode)
    iou = all_ious(_spans(said), _spans(one.spans))
    return f1(*covered(iou >= THRESHOLDS[:, None, None])), not said


def _seconds(one: Answered, mode: str, similarity: Similarity | None) -> _Scored:
    said, truth = _read(one, mode), list(one.spans)
    if mode == "upstream":
        said, truth = ([(min(a, _MAP_S), min(b, _MAP_S)) for a, b in x] for x in (said, truth))
    value = seconds_f1(said, truth) if said or mode == "strict" else math.nan
    return np.full(4, value), not said


def _grounded(one: Answered, mode: str, similarity: Similarity | None) -> _Scored:
    index, read = chosen(one, mode, similarity)
    found, silent = _first_span(one, mode, similarity)
    right = index == one.right
    return found * right, not read or (right and silent)


def _dense(one: Answered, mode: str, similarity: Similarity | None) -> _Scored:
    """Precision and recall at each threshold, then similarity over pairs whose spans meet."""
    said = captions_in(one.said)
    if not said:
        return np.append(np.zeros(8), math.nan if mode == "upstream" else 0.0), True
    iou = all_ious(_spans([span for span, _ in said]), _spans(one.spans))
    least = THRESHOLDS[:, None, None]
    detected = covered(iou > least if mode == "upstream" else iou >= least)
    if similarity is None:
        return np.append(detected, 0.0), False
    alike = np.array([[similarity(words, s) for s in one.sentences] for _, words in said])
    return np.append(detected, np.mean([_similarity(iou >= m, alike) for m in THRESHOLDS])), False


def _similarity(meet: Bool[np.ndarray, "p g"], alike: Float[np.ndarray, "p g"]) -> float:
    """Over all pairs that meet, with a 0 for each said sentence that meets none."""
    return float(alike[meet].sum() / (meet.sum() + (~meet.any(1)).sum()))


def _spans(spans: Sequence[Seconds]) -> Float[np.ndarray, "k 2"]:
    return np.array(spans, dtype=float).reshape(-1, 2)


_SCORE: Mapping[str, Callable[[Answered, str, Similarity | None], _Scored]] = MappingProxyType(
    {
        **dict.fromkeys(MERGED["Acc (ref)"], _choice),
        **dict.fromkeys(("tvg", "epm", "tem"), _first_span),
        **dict.fromkeys(MERGED["F1 (cap)"], _dense),
        "tal": _span_set,
        "evs": _seconds,
        "vhd": _first_time,
        "gvq": _grounded,
    }
)


def _whole(one: Answered) -> bool:
    """Whether a sample says what is right, as its task asks for."""
    asks = one.task in (*MERGED["Acc (ref)"], "gvq")
    sentences = one.task not in MERGED["F1 (cap)"] or len(one.sentences) == len(one.spans)
    right = 0 <= one.right < len(one.choices) if asks else True
    spans = one.task in MERGED["Acc (ref)"] or len(one.spans) > 0
    return one.task in _SCORE and right and spans and sentences
