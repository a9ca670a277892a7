"""VideoStreaming at work: clips condensed one after the other, and the two that fit a question."""

from pathlib import Path

from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("memory:propagated",)
TESTS = (
    "tests/streaming/memory/test_propagated.py",
    "tests/blocks/streaming/test_gumbel.py",
    "tests/papers/streaming/test_video_streaming.py",
)
DIFFERS = (
    "No code was released and the paper was not at hand: the mechanism is built from memory and "
    "secondary text. The encoder that propagates memory is one attention without weights instead "
    "of a language model, nothing is trained, and a training-free head reads the memories. Clips "
    "of 4 frames, of which 2 are read, so that a film of 32 sampled frames has something to choose."
)
CLIPS = {"frames": 4, "summary": 2, "select": 2}


def recipe(frames: int = 32) -> Recipe:
    """The memory between the encoders and the head."""
    return Recipe(stages=Part("propagated", CLIPS), frames=frames, name="VideoStreaming")


def demo(film: Path, query: str) -> Demo:
    """The moment that the chosen clips still give, and how much of them came from before."""
    done = run(recipe(), film, query)
    _, h, w = done.tokens.grid
    frame = done.tokens.edges[:, 1] // (h * w)
    last = frame.new_zeros(len(done.tokens)).scatter_reduce(
        0, done.tokens.edges[:, 0].long(), frame, "amax"
    )
    clip = last // CLIPS["frames"]
    before = frame // CLIPS["frames"] < clip[done.tokens.edges[:, 0]]
    heard = done.tokens.share[before].sum() / len(done.tokens)
    return demo_of(
        done,
        clips_read=float(len(clip.unique())),
        heard_from_before_percent=100 * heard.item(),
        frames_spoken_for=float(len(frame.unique())),
    )
