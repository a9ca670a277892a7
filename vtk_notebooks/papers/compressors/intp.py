"""INTP at work: 32 frames through an encoder for 8, and positions that make room for them."""

from pathlib import Path

from vtk_notebooks.mixers.ntk_positions import frequencies
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("encoder:interleaved_subclips", "mixer:ntk_positions")
TESTS = (
    "tests/encoders/test_interleaved_subclips.py",
    "tests/mixers/test_ntk_positions.py",
    "tests/papers/compressors/test_intp.py",
)
DIFFERS = (
    "The video encoder and the language model are not here. The encoder that is dealt to looks at "
    "each frame alone, so that dealing changes nothing; positions turn finished tokens instead of "
    "queries and keys in every layer, and the head reads the channels that were not turned. The "
    "2-bit cache is left out. How the paper sets the scale could not be verified."
)
FRAMES, TRAINED = 32, 8


def recipe() -> Recipe:
    """Passes of 8 frames, and positions stretched as far as there are more frames."""
    return Recipe(
        encoders=(Part("interleaved_subclips", {"frames": TRAINED}), "conse"),
        stages=(Part("ntk_positions", {"scale": FRAMES / TRAINED}),),
        frames=FRAMES,
        name="INTP",
    )


def demo(film: Path, query: str) -> Demo:
    """The moments, and what stretching costs the fastest and the slowest pair of channels."""
    done = run(recipe(), film, query)
    plain, stretched = (frequencies(128, 10000.0, s) for s in (1.0, FRAMES / TRAINED))
    slower = plain / stretched
    return demo_of(
        done,
        passes=float(-(-len(done.clip) // TRAINED)),
        fastest_pair_slower_by=slower[0].item(),
        slowest_pair_slower_by=slower[-1].item(),
    )
