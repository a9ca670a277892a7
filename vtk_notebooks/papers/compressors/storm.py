"""STORM at work: a scan in both directions, then tokens averaged and skipped in time and space."""

from pathlib import Path

from vtk_notebooks.compressors.pool.spatial_pool import SpatialPool
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = (
    "mixer:bidirectional_ssm",
    "compressor:temporal_pool",
    "compressor:spatial_pool",
    "compressor:temporal_stride",
)
TESTS = (
    "tests/mixers/test_bidirectional_ssm.py",
    "tests/compressors/pool/test_temporal_pool.py",
    "tests/compressors/pool/test_spatial_pool.py",
    "tests/compressors/pool/test_temporal_stride.py",
    "tests/papers/compressors/test_storm.py",
)
DIFFERS = (
    "The language model and the training are not here: the scan runs as it is drawn, on the "
    "channels of the recipe's encoders side by side instead of SigLIP's projected ones, and a "
    "training-free head finds the moments. One layer of it, for the paper's number could not be "
    "verified; 32 frames by default instead of 128."
)


def recipe(stride: int = 2) -> Recipe:
    """Every token hears the whole film, 4 frames become one, every second of those is read."""
    stages = [Part("bidirectional_ssm"), Part("temporal_pool", {"frames": 4})]
    stages += [Part("temporal_stride", {"stride": stride})] if stride > 1 else []
    return Recipe(stages=stages, name="STORM")


def demo(film: Path, query: str) -> Demo:
    """The moments that an eighth of the tokens still gives, and what the scan wrote into them."""
    done = run(recipe(), film, query)
    before, scanned = (stage.tokens.x for stage in done.stages[:2])
    told = (scanned - before).norm(dim=1) / before.norm(dim=1).clamp_min(1e-12)
    in_space = SpatialPool().count(done.tokens.grid)[0]
    return demo_of(
        done,
        told_percent=100 * told.mean().item(),
        pooled_in_time_tokens=float(len(done.stages[2].tokens)),
        pooled_in_space_tokens=float(in_space),
    )
