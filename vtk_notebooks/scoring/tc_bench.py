"""TC-Bench: transition completion of text-to-video clips, from a judge's replies.

After "TC-Bench: Benchmarking Temporal Compositionality in Text-to-Video and Image-to-Video
Generation" (Feng et al., 2025, arXiv:2406.08656). A file of judged clips is one JSON object: under
each clip's name, "PROMPT-SAMPLE" as two numbers, a list of statements with `question`, `type`,
`frames` and the judge's reply, `gpt_answer`. The benchmark's `t2v_prompts.json` may be given as
the truth: numbers are then also told by its types of prompt, and in strict mode clips that should
be there but were not judged count as failed. Samples of one prompt stand or fall together in
intervals. Scores of image-to-video need the similarity of frames, which this file does not hold:
call the metric for them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vtk_notebooks.data.json.document import json_document
from vtk_notebooks.data.source import open_source
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.generation.transition_completion import Statement, Transitions
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer
from vtk_notebooks.statistics import Estimate

Clips = Mapping[tuple[int, int], Sequence[Statement]]
"""Judged statements by the numbers of prompt and sample."""
_MISSING = (Statement("Was the clip judged?"),)


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """Judged clips, by type of prompt where the prompts are given."""
    clips = read_clips(pred)
    types = read_types(truth) if truth else {}
    strange = sorted({prompt for prompt, _ in clips} - types.keys()) if types else []
    if strange:
        raise VtkError(f"tc-bench, {truth}", "the prompts of all clips", f"none of {strange[:3]}")
    missing = _missing(clips, types)
    if mode == "strict":
        clips = {**clips, **dict.fromkeys(missing, _MISSING)}
    numbers = scores(clips, mode)
    unread = numbers.pop("unread")
    for name in dict.fromkeys(types.values()):
        part = {key: clip for key, clip in clips.items() if types[key[0]] == name}
        if part:
            numbers[name] = {k: v for k, v in scores(part, mode).items() if k != "unread"}
    what = "counted as failed" if mode == "strict" else "left out"
    notes = (f"{len(missing)} clips were not judged: {what}",) if missing else ()
    return Report(SCORER.name, mode, numbers, len(clips), unread=unread, notes=notes)


def scores(clips: Clips, mode: Mode) -> dict[str, Any]:
    """TCR, TC-Score, and the percentage of replies that could not be read."""
    metric = Transitions(upstream=mode == "upstream")
    found: dict[str, Estimate] = metric(
        list(clips.values()), prompts=[str(prompt) for prompt, _ in clips]
    )
    return dict(found)


def read_clips(path: Path) -> Clips:
    """A file of judged clips."""
    found = {}
    for record in json_document(open_source(path, strict=True)):
        numbers = str(record.key).split("-")
        if len(numbers) != 2 or not all(map(str.isdecimal, numbers)):
            raise VtkError(f"tc-bench, {path}", 'clips named "PROMPT-SAMPLE"', repr(record.key))
        where = f"tc-bench, {path}, clip {record.key}"
        found[int(numbers[0]), int(numbers[1])] = [_statement(s, where) for s in record.value]
    return found


def read_types(path: Path) -> dict[int, str]:
    """The type of each prompt, by its number."""
    found = {}
    for record in json_document(open_source(path, strict=True)):
        row = record.value
        if not isinstance(row, dict) or not {"id", "type"} <= row.keys():
            raise VtkError(f"tc-bench, {path}", "prompts with id and type", repr(row)[:60])
        found[int(row["id"])] = str(row["type"])
    return found


def _statement(row: Any, where: str) -> Statement:
    if not isinstance(row, dict) or not {"question", "type", "gpt_answer"} <= row.keys():
        raise VtkError(where, "statements with question, type and gpt_answer", repr(row)[:60])
    reply = row["gpt_answer"]
    frames = tuple(int(k) for k in row.get("frames", ()))
    return Statement(
        str(row["question"]), row["type"], frames, None if reply is None else str(reply)
    )


def _missing(clips: Clips, types: Mapping[int, str]) -> list[tuple[int, int]]:
    """Clips of known prompts that are not there, if each prompt has as many as the fullest."""
    samples = max((sample for _, sample in clips), default=0) + 1
    wanted = ((prompt, sample) for prompt in types for sample in range(samples))
    return [key for key in wanted if key not in clips]


SCORER = Scorer(
    name="tc-bench",
    pred="a JSON object of judged statements by clip, as TC-Bench's gpt_eval writes it",
    truth="",
    score=score,
    differs="strict reads yes and no as words, gives nothing for a reply with neither (upstream: "
    "half a point, and the clip passes), and counts clips that were not judged as failed",
)
