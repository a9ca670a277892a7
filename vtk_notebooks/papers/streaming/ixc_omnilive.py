"""OmniLive at work: a film becomes clips with digests, and a question wakes the one that fits."""

from dataclasses import replace
from pathlib import Path

from vtk_notebooks.moment import Moment
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.streaming import remember
from vtk_notebooks.streaming.memory.clip_memory import ClipMemory

MECHANISMS = ("memory:clip_memory", "pipeline:perceive_remember_reason")
TESTS = (
    "tests/contract/test_memories.py",
    "tests/streaming/memory/test_clip_memory.py",
    "tests/pipelines/test_perceive_remember_reason.py",
    "tests/papers/streaming/test_ixc_omnilive.py",
)
DIFFERS = (
    "No compressor or reasoner of the paper is here and nothing is heard: clips shrink to means, "
    "cosines are ConSE's, and what is shown is the clip that would be handed to a model. A clip is "
    "woken above a cosine of 0.4, which was set by eye, and not of 0.3."
)
FRAMES = 20
THRESHOLD = 0.4


def demo(film: Path, query: str) -> Demo:
    """The clip that the question wakes, out of how many, and how little is kept."""
    recipe = Recipe(
        stages=Part("clip_memory", {"threshold": THRESHOLD}), frames=FRAMES, name="OmniLive"
    )
    done = run(recipe, film, query)
    memory, tokens = ClipMemory(threshold=THRESHOLD), done.stages[0].tokens
    remember(memory, tokens)
    [woken, *_] = memory.recall(done.query)
    start_s = max(0.0, tokens.times_s[woken.first].item())
    moment = Moment(start_s, tokens.ends_s()[woken.stop - 1].item(), woken.score, query)
    moment = moment.within(done.clip.duration_s)
    numbers = {"clips": float(len(memory.spans)), "woken_frames": float(woken.stop - woken.first)}
    return demo_of(replace(done, moments=(moment,)), **numbers)
