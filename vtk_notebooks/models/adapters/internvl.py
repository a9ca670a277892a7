"""InternVL: one image block per frame, patches of 2 x 2 shuffled into the channels of one token.

After "InternVL3: Exploring Advanced Training and Test-Time Recipes for Open-Source Multimodal
Models" (Zhu et al., 2025, arXiv:2504.10479). Frames are numbered from 1 in the prompt, as its
processor does; their times are not told to the model.
"""

from typing import Any, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._language import LanguageAdapter, Segment
from vtk_notebooks.models.frames import Progress, in_batches
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Tokens


class InternVL(LanguageAdapter):
    """An InternViT, a pixel shuffle, a projector, a Qwen2 (or another)."""

    model_types: ClassVar[tuple[str, ...]] = ("internvl",)
    fallback: ClassVar[str] = (
        "<|im_start|>user\n{video}\n{prompt}<|im_end|>\n<|im_start|>assistant\n"
    )
    start: ClassVar[str] = "<img>"
    end: ClassVar[str] = "</img>"
    placeholder: ClassVar[str] = "<video>"  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    def segments(self, prompt: str, tokens: Tokens) -> list[Segment]:
        """Frames with their numbers, one to a line."""
        before, _, after = self.template(prompt).partition(self.placeholder)

        def label(frame: int, time_s: float) -> str:
            return f"{chr(10) if frame else ''}Frame{frame + 1}: {self.start}"

        return self._frame_by_frame(before, tokens, after, label, self.end)

    def encode(self, clip: Clip, progress: Progress | None = None, *, batch: int = 8) -> Tokens:
        """One token for each 2 x 2 patches of each frame."""
        config = self.model.config
        height, width = config.vision_config.image_size
        ready = Preparation.of(self.settings, height)
        rows, columns = (
            int(size // patch * config.downsample_ratio)
            for size, patch in zip((height, width), config.vision_config.patch_size, strict=True)
        )

        def look(frames: Any) -> Tensor:
            x = ready(frames).to(self.model.device, self.model.dtype)
            seen = self.model.model.get_image_features(pixel_values=x).pooler_output
            return rearrange(seen, "t (y x) d -> t y x d", y=rows, x=columns)

        x = in_batches(clip.frames, batch, look, progress)
        times_s = torch.tensor(clip.times_s)
        return Tokens.from_grid(x, times_s, clip.duration_s, space=self.space)
