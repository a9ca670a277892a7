"""VNBench: needles in a haystack of film, right only when all four tries are.

After "Needle In A Video Haystack: A Scalable Synthetic Framework for Benchmarking Video MLLMs"
(Zhao et al., 2024, arXiv:2406.09367). The file of results is the one that its script takes, a line
per try: `video_path`, `prompt`, `pred`, `gt` (a letter), `task_type`, `try`. The choices are read
from the prompt, so that a response in words can be understood. Numbers have the names, and are the
shares, that its script prints; it prints no "single try".
"""

from collections import Counter
from pathlib import Path

from vtk_notebooks.data import Sample
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.vnbench import VNBench
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer, read_noted

_SWAPPED = "ret_insert1 and ret_insert2 have changed places, as in the authors' script"


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """All tries of all samples, against the answers that stand beside them."""
    data, odd = read_noted(pred, "vnbench")
    tries = list(data)
    films, tasks = [t.film for t in tries], [str(t.extra.get("task_type", "?")) for t in tries]
    choices = [t.choices or 4 for t in tries]
    answers = [_answer(pred, t) for t in tries]
    metric = VNBench(mode=mode)
    numbers = metric([t.response for t in tries], answers, films, tasks, choices)
    always = metric(["A"] * len(tries), answers, films, tasks, choices)
    unread = numbers.pop("unread").times(100)
    return Report(
        SCORER.name,
        mode,
        numbers,
        len(set(films)),
        beside={"always A": always},
        unread=unread,
        notes=(*_notes(films, mode), *odd),
    )


def _answer(pred: Path, sample: Sample) -> int:
    """The right choice, also where the prompt lists none."""
    letter = str(sample.answer).strip().upper()
    number = ord(letter) - ord("A") if len(letter) == 1 else -1
    if sample.answer_index is None and not 0 <= number < 4:
        expected, hint = "a letter as gt", "Results hold video_path, prompt, pred, gt."
        raise VtkError(f"{pred.name}, sample {sample.id}", expected, repr(sample.answer), hint)
    return number if sample.answer_index is None else sample.answer_index


def _notes(films: list[str], mode: Mode) -> tuple[str, ...]:
    if mode == "upstream":
        return (_SWAPPED,)
    few = sum(n < VNBench().tries for n in Counter(films).values())
    return (f"{few} samples have fewer than four tries: not right",) if few else ()


SCORER = Scorer(
    name="vnbench",
    pred="JSON Lines of VNBench results: video_path, prompt, pred, gt, task_type, try",
    truth="",
    score=score,
    differs="the first character of a response is its answer; ret_insert1 and ret_insert2 swapped",
)
