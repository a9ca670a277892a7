"""MMDuet at work: a film is watched frame by frame, and a reply is due when there is a reason."""

from dataclasses import replace
from pathlib import Path

import torch

from vtk_notebooks.blocks.speaking import turns, watch
from vtk_notebooks.encoders import ConSE
from vtk_notebooks.metrics.captions.magqa import MAGQA
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.streaming.replies.speak_gate import SpeakGate, grounded

MECHANISMS = ("policy:speak_gate", "metric:magqa")
TESTS = (
    "tests/contract/test_policies.py",
    "tests/streaming/replies/test_speak_gate.py",
    "tests/metrics/captions/test_magqa.py",
    "tests/papers/streaming/test_mmduet.py",
)
DIFFERS = (
    "No 7B model is here: ConSE's cosine with the question stands in for the two trained heads, "
    "so single frames may be taken for what is not there, and nothing is written, so the judge of "
    "MAGQA has nothing to read and is shown on its own example. The heads can be trained and named "
    "by their file. Window and threshold of grounding are fixed at 1 and 0.5, not picked on films."
)
WINDOW = 1
ELSEWHERE = "a dog on a sofa"
"""What a film is not likely to show."""
FRAMES = 20


def demo(film: Path, query: str) -> Demo:
    """When it would speak by both rules, and where the film answers if it never does."""
    done = run(Recipe(frames=FRAMES, name="MMDuet"), film, query)
    tokens, length_s = done.stages[0].tokens, done.clip.duration_s
    told = watch(SpeakGate(2.0).step, tokens, done.query)  # never speaks: the curve is the answer
    curve = [d.score for d in told]
    spoken = watch(SpeakGate.magqa().step, tokens, done.query)
    summed = watch(SpeakGate.youcook2().step, tokens, done.query)
    other = watch(SpeakGate.magqa().step, tokens, ConSE().read(ELSEWHERE))
    scores = MAGQA()(*MAGQA.example())
    numbers = {
        "spoke_after_frames": float(sum(d.speak for d in spoken)),
        "spoke_of_something_else_after_frames": float(sum(d.speak for d in other)),
        "spoke_by_sum_after_frames": float(sum(d.speak for d in summed)),
        "magqa_example_in_span_score": float(scores["in_span_score"]),
    }
    answer = grounded(curve, WINDOW)
    if answer is not None:
        ends_s = [*(d.t_s for d in told[1:]), length_s]
        numbers |= {"grounded_start_s": told[answer[0]].t_s}
        numbers |= {"grounded_end_s": ends_s[answer[1] - 1]}
    moments = tuple(turns(spoken, length_s, query))
    shown = replace(done, moments=moments, saliency=torch.tensor(curve))
    return demo_of(shown, **numbers)
