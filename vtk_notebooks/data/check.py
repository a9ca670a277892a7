"""Check: what is odd about a sample that could be read - its times, its lists, its answer."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from vtk_notebooks.data.problem import Kind, Report, shown
from vtk_notebooks.data.record import Number, Saliency, Sample, Span


@dataclass(frozen=True)
class Check:
    """Reports everything odd about a sample; the sample stays as it is.

    Args:
        label: what the file calls an attribute of the sample.
    """

    sample: Sample
    report: Report
    label: Callable[[Sample, str], str]

    def __call__(self) -> None:
        sample, duration_s = self.sample, self.sample.duration_s
        if duration_s is not None and duration_s <= 0:
            self._add("wrong type", "duration_s", "a duration above 0 s", shown(duration_s))
            duration_s = None
        for attribute in ("spans", "captions"):
            self._spans(attribute, duration_s)
        if sample.chapters:
            self._chapters(duration_s)
        if sample.asked_s is not None:
            self._asked(sample.asked_s, duration_s)
        if sample.saliency is not None:
            self._saliency(sample.saliency, duration_s)
        if sample.choices and sample.answer is not None and sample.answer_index is None:
            expected = f"one of {len(sample.choices)} choices, as text, letter or number"
            self._add("bad answer", "answer", expected, shown(sample.answer))

    def _add(
        self, kind: Kind, attribute: str, expected: str, got: str, hint: str = "", at: str = ""
    ) -> None:
        self.report.add(kind, self.label(self.sample, attribute) + at, expected, got, hint)

    def _spans(self, attribute: str, duration_s: Number | None) -> None:
        for i, span in enumerate(getattr(self.sample, attribute)):
            trouble = _trouble(span, duration_s)
            if trouble:
                if attribute == "captions" and self.report.lines:
                    self.report.line = self.report.lines[i]
                kind, expected, hint = trouble
                got = f"{span.start_s} to {span.end_s}"
                self._add(kind, attribute, expected, got, hint, f"[{i}]")

    def _chapters(self, duration_s: Number | None) -> None:
        for i, (before, after) in enumerate(pairwise(self.sample.chapters), 1):
            if after.start_s <= before.start_s:
                expected, got = "chapters in order", f"{before.start_s}, then {after.start_s}"
                self._add("bad order", "chapters", expected, got, at=f"[{i}]")
        for i, chapter in enumerate(self.sample.chapters):
            start = chapter.start_s
            if start < 0:
                self._add("negative time", "chapters", "a start from 0 s", f"{start}", at=f"[{i}]")
            elif duration_s is not None and start >= duration_s:
                expected = f"a start before {duration_s} s"
                self._add("past the end", "chapters", expected, f"{start}", at=f"[{i}]")

    def _asked(self, asked_s: Number, duration_s: Number | None) -> None:
        if asked_s < 0:
            self._add("negative time", "asked_s", "a time from 0 s", shown(asked_s))
        elif duration_s is not None and asked_s > duration_s:
            self._add("past the end", "asked_s", f"a time within {duration_s} s", shown(asked_s))

    def _saliency(self, saliency: Saliency, duration_s: Number | None) -> None:
        scores, clips = saliency.scores, saliency.clips
        widths = set(map(len, scores))
        if len(widths) > 1:
            expected, got = "as many annotators for each clip", f"{sorted(widths)}"
            self._add("mismatched lists", "saliency", expected, got)
        if clips is not None and len(clips) != len(scores):
            got = f"{len(scores)} rows for {len(clips)} clips"
            self._add("mismatched lists", "saliency", "a row of scores for each clip", got)
        if clips:
            self._clips(clips, saliency.clip_s, duration_s)

    def _clips(self, clips: tuple[int, ...], clip_s: float, duration_s: Number | None) -> None:
        if min(clips) < 0:
            self._add("negative time", "saliency", "clips counted from 0", shown(min(clips)))
        if len(set(clips)) < len(clips):
            twice = sorted(clip for clip, n in Counter(clips).items() if n > 1)
            self._add("duplicate id", "saliency", "each clip once", f"clip {twice[0]} again")
        if duration_s is not None and max(clips) * clip_s >= duration_s:
            expected, got = f"clips that start within {duration_s} s", f"clip {max(clips)}"
            self._add("past the end", "saliency", expected, got, f"A clip has {clip_s:g} s.")


def _trouble(span: Span, duration_s: Number | None) -> tuple[Kind, str, str] | None:
    start, end = span.start_s, span.end_s
    if start < 0 or end < 0:
        return "negative time", "times from 0 s", "Does the film start later?"
    if start >= end:
        hint = "It is empty." if start == end else "Are they swapped?"
        return "inverted span", "a start before its end", hint
    if duration_s is not None and end > duration_s:
        hint = "" if start < duration_s else "All of it is after the end."
        return "past the end", f"an end within {duration_s} s", hint
    return None
