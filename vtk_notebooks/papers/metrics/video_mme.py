"""Video-MME at work: what a film shows, asked in four choices and answered by looking for each."""

from itertools import combinations
from pathlib import Path

from vtk_notebooks.answers.choices import rotations
from vtk_notebooks.metrics.questions.video_mme import DURATIONS, VideoMME
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.metrics._seen import DECOYS, SIDE_PX, seen
from vtk_notebooks.video import open_clip

MECHANISMS = ("metric:video_mme",)
TESTS = (
    "tests/metrics/questions/test_video_mme.py",
    "tests/papers/metrics/test_video_mme.py",
)
DIFFERS = (
    "Not the benchmark's films, questions or model: the question is whether the query or one of "
    "three other things is shown, taking the query's word that it is; short, medium and long are "
    "the first third, two thirds and all of this film; and ConSE picks the text most like a frame, "
    "so that no language model is asked. Answers are worded as models word them, which shows what "
    "the released reader does to them."
)


def demo(film: Path, query: str) -> Demo:
    """The same answers as the careful and as the released reader read them."""
    scores = seen(open_clip(film).sample(9, short_side=SIDE_PX), (query, *DECOYS))
    said, answers, lengths = [], [], []
    for frames, length in zip((3, 6, 9), DURATIONS, strict=True):
        best = scores[:, :frames].max(1)
        for decoys in combinations(range(1, len(DECOYS) + 1), 3):
            numbers = [str(i) for i in (0, *decoys)]
            for turn, answer in rotations(numbers, 0):
                pick = max(range(4), key=lambda k, turn=turn: best[int(turn[k])])
                said.append(f"Best option: {'ABCD'[pick]}")
                answers.append(answer)
                lengths.append(length)
    strict = VideoMME()(said, answers, lengths)
    upstream = VideoMME(mode="upstream")(said, answers, lengths)
    numbers = {f"{name}_percent": float(strict[name]) for name in ("overall", *DURATIONS)}
    read = {"overall_as_the_script_reads_percent": float(upstream["overall"])}
    return Demo({"questions": float(len(said)), **numbers, **read})
