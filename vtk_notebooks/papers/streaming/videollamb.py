"""VideoLLaMB at work: scenes of a film, memory tokens that went through them, and needles found."""

from pathlib import Path

from vtk_notebooks.curation.needle_insertion import niavh_grid
from vtk_notebooks.curation.scene_tiling import SceneTiling
from vtk_notebooks.metrics.questions.niavh import Niavh, rated
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.streaming import remember
from vtk_notebooks.streaming.memory.recurrent_bridge import RecurrentBridge

MECHANISMS = ("memory:recurrent_bridge", "curation:scene_tiling", "metric:niavh")
TESTS = (
    "tests/streaming/memory/test_recurrent_bridge.py",
    "tests/curation/test_scene_tiling.py",
    "tests/blocks/streaming/test_scenes.py",
    "tests/oracles/streaming/test_scene_tiling.py",
    "tests/metrics/questions/test_niavh.py",
    "tests/papers/streaming/test_videollamb.py",
)
DIFFERS = (
    "The language model and the training are not here: memory tokens and the bridge are as drawn, "
    "before any training, on the features of the recipe's encoders side by side, and a training-"
    "free head reads memory and last scene. NIAVH is scored on its grid with answers that are "
    "made: of a model that sees needles in the last half of a film only. Its films are not here."
)


def recipe(frames: int = 32) -> Recipe:
    """The bridge between the encoders and the head."""
    return Recipe(stages=Part("recurrent_bridge"), frames=frames, name="VideoLLaMB")


def demo(film: Path, query: str) -> Demo:
    """The moment in the last scene, the film's scenes with and without looking ahead, NIAVH."""
    done = run(recipe(), film, query)
    seen, memory = done.stages[0].tokens, RecurrentBridge()
    remember(memory, seen)
    cells = niavh_grid()
    needle = Niavh()([rated("a kite" if d > 0.5 else "nothing", "kite") for _, d in cells], cells)
    return demo_of(
        done,
        scenes=float(len(SceneTiling()(seen))),
        scenes_so_far=float(len(memory.scenes) + 1),
        needle_score=float(needle["score"]),
        needle_score_first_frame=float(needle["depth 0.00"]),
        needle_score_last_frame=float(needle["depth 1.00"]),
    )
