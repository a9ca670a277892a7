"""LongVideoBench at work: a subtitle per shot between the frames, and a question about each."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from vtk_notebooks.answers.choices import lettered
from vtk_notebooks.blocks.interleave import Line, interleaved, loader_frames
from vtk_notebooks.metrics.questions.referred_reasoning import LongVideoBench
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.metrics._seen import DECOYS, SIDE_PX, seen
from vtk_notebooks.video import find_cuts, open_clip

MECHANISMS = ("metric:referred_reasoning",)
TESTS = (
    "tests/metrics/questions/test_referred_reasoning.py",
    "tests/blocks/test_interleave.py",
    "tests/papers/metrics/test_longvideobench.py",
)
DIFFERS = (
    "Not the benchmark's films, subtitles or questions, and no language model: each shot gets a "
    "made subtitle, and 'what can be seen while it is shown?' is answered by ConSE on the few "
    "frames that the loader takes. The right answer is what ConSE says of four times as many, so "
    "the accuracy tells what is lost by looking seldom, not whether ConSE is right."
)


def demo(film: Path, query: str) -> Demo:
    """Which subtitles are read at all, and whether a few frames answer as many do."""
    opened, texts = open_clip(film), (query, *DECOYS[:3])
    ends_s = [0.0, *find_cuts(opened), opened.duration_s]
    lines = [Line(a, b, f"shot {i}") for i, (a, b) in enumerate(pairwise(ends_s), 1)]
    rate_hz = opened.origin.frame_rate_hz
    numbers = loader_frames(int(opened.duration_s * rate_hz), opened.duration_s, most=4)
    few = opened.sample(times_s=(numbers / rate_hz).tolist(), short_side=SIDE_PX)
    many = opened.sample(4 * len(few), short_side=SIDE_PX)
    prompt = interleaved(few.times_s, lines, opened.duration_s)
    prompt += [f"What can be seen in {lines[0].text}?", *lettered(texts)]
    asked = [line for line in lines if line.text in prompt]
    looks = [(clip.times_s, seen(clip, texts)) for clip in (few, many)]
    said, right = ([_best(*look, line) for line in asked] for look in looks)
    scores = LongVideoBench()(
        ["ABCD"[i] for i in said], right, [15] * len(asked), ["T2O"] * len(asked), 4
    )
    return Demo(
        {
            "frames": float(len(few)),
            "subtitles": float(len(lines)),
            "subtitles_read": float(len(asked)),
            "prompt_items": float(len(prompt)),
            "as_with_more_frames_share": float(scores["Overall"]),
        }
    )


def _best(times_s: np.ndarray, scores: np.ndarray, line: Line) -> int:
    """The text most like a frame inside the subtitle, or like any where there is none."""
    inside = (line.start_s < times_s) & (times_s < (line.end_s or np.inf))
    return int(scores[:, inside if inside.any() else slice(None)].max(1).argmax())
