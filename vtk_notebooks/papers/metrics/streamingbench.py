"""StreamingBench at work: a film is watched second by second, and something is to be announced."""

from pathlib import Path

import numpy as np

from vtk_notebooks.answers.choices import rotations
from vtk_notebooks.curation.needle_insertion import NeedleInsertion
from vtk_notebooks.metrics.questions.proactive_timing import LAST_POLL_S, ProactiveTiming
from vtk_notebooks.metrics.questions.streaming_accuracy import StreamAccuracy
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.metrics._seen import DECOYS, SIDE_PX, needle_for, seen
from vtk_notebooks.video import open_clip

MECHANISMS = ("metric:streaming_accuracy", "metric:proactive_timing")
TESTS = (
    "tests/metrics/questions/test_streaming_accuracy.py",
    "tests/metrics/questions/test_proactive_timing.py",
    "tests/scoring/test_streamingbench.py",
    "tests/papers/metrics/test_streamingbench.py",
)
DIFFERS = (
    "Not the benchmark's films or questions, and no language model: a frame of another gallery "
    "film is put in twice for a second, so that the right second is known, and whoever watches "
    "speaks up as soon as ConSE finds the announced thing by MARGIN more alike than it was on "
    "average so far, a number chosen on these films. It sees one frame a second, none that comes "
    "later."
)
MARGIN = 0.06
"""Of cosine; below it, nothing is announced."""
DEPTHS = (0.4, 0.9)


def demo(film: Path, query: str) -> Demo:
    """Whether it speaks up on time, and says what it is that appears."""
    clip = open_clip(film).sample(rate_hz=1, short_side=SIDE_PX)
    picture, name = needle_for(film)
    hay = NeedleInsertion()(clip, [picture] * 2, DEPTHS, [name] * 2)
    texts, times_s = (name, *DECOYS[:3]), hay.clip.times_s
    scores, due_s = seen(hay.clip, texts), [m.start_s for m in hay.moments]
    asked_s = [-1.0, hay.moments[0].end_s]
    said_s = [
        spoken_s(scores[0], times_s, start_s, last_s + LAST_POLL_S)
        for start_s, last_s in zip(asked_s, due_s, strict=True)
    ]
    timing = ProactiveTiming()(said_s, [name] * 2, due_s, [name] * 2)
    said, answers = [], []
    for frame in np.searchsorted(times_s, due_s):
        pick = texts[int(scores[:, frame].argmax())]
        for turn, answer in rotations(texts, 0):
            said.append("ABCD"[turn.index(pick)])
            answers.append(answer)
    accuracy = StreamAccuracy()(said, answers, ["Object Recognition"] * len(said))
    return Demo(
        {
            "on_time_share": float(timing["time_accuracy"]),
            "right_words_share": float(timing["answer_accuracy"]),
            "right_choice_share": float(accuracy["total"]),
        }
    )


def spoken_s(
    scores: np.ndarray, times_s: np.ndarray, after_s: float, until_s: float
) -> float | None:
    """The first second in which a score lies `MARGIN` above the mean of all before it."""
    for frame in np.flatnonzero((times_s > after_s) & (times_s <= until_s)):
        if frame and scores[frame] > scores[:frame].mean() + MARGIN:
            return float(times_s[frame])
    return None
