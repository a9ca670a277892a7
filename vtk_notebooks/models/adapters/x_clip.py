"""X-CLIP: CLIP whose frames send each other messages.

After "Expanding Language-Image Pretrained Models for General Video Recognition" (Ni et al., 2022,
arXiv:2208.02816). Class tokens of a window exchange messages in every block, so a frame's vector
knows of the others. `level="frame"` gives the projected class tokens; patches go through the same
normalisation and projection, as with CLIP. The integration over frames and the video-specific
prompt belong to classification and are left out.
"""

from typing import ClassVar, Literal

import torch
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._patches import grouped
from vtk_notebooks.models.adapters.clip import CLIP
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Tokens


class XCLIP(CLIP):
    """Windows of as many frames as the model was trained with."""

    model_types: ClassVar[tuple[str, ...]] = ("xclip",)

    def encode(
        self,
        clip: Clip,
        progress: Progress | None = None,
        *,
        level: Literal["patch", "frame"] = "patch",
        batch: int = 8,
    ) -> Tokens:
        """Window after window; the last one repeats its last frame, which leaves no token."""
        vision = self.model.config.vision_config
        ready, seen = Preparation.of(self.settings, vision.image_size), list[Tensor]()
        for start in range(0, len(clip), vision.num_frames):
            x = ready(clip.frames[start : start + vision.num_frames])
            many = len(x)
            x = torch.cat([x, x[-1:].expand(vision.num_frames - many, -1, -1, -1)])
            with torch.inference_mode():
                x = x.to(self.model.device, self.model.dtype)
                tokens = self._frames(x) if level == "frame" else self._patches(x)
            seen.append(tokens[:many].float().cpu().clone())
            if progress is not None:
                progress(start + many, len(clip))
        _, height, width, _ = clip.frames.shape
        return ready.seen(grouped(torch.cat(seen), clip, 1, self.space), height, width)
