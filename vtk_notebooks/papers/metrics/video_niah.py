"""VideoNIAH at work: a frame of another film is put into this one, found, and asked about."""

from pathlib import Path

import numpy as np

from vtk_notebooks.answers.choices import lettered, rotations
from vtk_notebooks.curation.needle_insertion import NeedleInsertion, questions
from vtk_notebooks.metrics.questions.vnbench import VNBench
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.metrics._seen import DECOYS, SIDE_PX, needle_for, odd_frame, seen_in_each
from vtk_notebooks.video import open_clip

MECHANISMS = ("curation:needle_insertion", "metric:vnbench")
TESTS = (
    "tests/curation/test_needle_insertion.py",
    "tests/metrics/questions/test_vnbench.py",
    "tests/scoring/test_vnbench.py",
    "tests/papers/metrics/test_video_niah.py",
)
DIFFERS = (
    "One needle, a frame of another gallery film, at three depths of a film of six frames, instead "
    "of 1350 made films; only finding is asked, not ordering or counting; and no language model "
    "answers: ConSE takes the frame in which some choice rises farthest above its own mean and "
    "names the choice most like it. It has no favourite letter, so that four tries are as easy for "
    "it as one."
)
DEPTHS = (0.0, 0.5, 1.0)


def demo(film: Path, query: str) -> Demo:
    """Circular accuracy over the depths, and how often the frame that was put in is pointed at."""
    clip = open_clip(film).sample(6, short_side=SIDE_PX)
    picture, name = needle_for(film)
    hays = [NeedleInsertion()(clip, [picture], [depth], [name]) for depth in DEPTHS]
    asked = questions(hays[0].moments, DECOYS, np.random.default_rng(0))["ret"]
    said, answers, samples, found = [], [], [], []
    looks = seen_in_each([hay.clip for hay in hays], asked.choices)
    for depth, hay, scores in zip(DEPTHS, hays, looks, strict=True):
        frame = odd_frame(scores)
        pick = asked.choices[int(scores[:, frame].argmax())]
        time_s, needle = hay.clip.times_s[frame], hay.moments[0]
        found.append(needle.start_s <= time_s < needle.end_s)
        for turn, answer in rotations(asked.choices, asked.answer):
            said.append(lettered(turn)[turn.index(pick)])
            answers.append(answer)
            samples.append(f"depth {depth}")
    scores = VNBench()(said, answers, samples, ["ret_insert1"] * len(said))
    return Demo(
        {
            "needles": float(len(DEPTHS)),
            "circular_share": float(scores["Overall"]),
            "single_try_share": float(scores["single try"]),
            "found_share": float(np.mean(found)),
        }
    )
