"""LLaVA-NeXT-Video: every frame pooled 2 x 2 between tower and projector.

After "LLaVA-NeXT: A Strong Zero-shot Video Understanding Model" (Zhang et al., 2024; a report, no
arXiv id). A film of t frames gives t x h/2 x w/2 tokens, frame after frame, nothing between them.
"""

from typing import Any, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._language import LanguageAdapter
from vtk_notebooks.models.frames import Progress, in_batches
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Tokens


class LlavaNextVideo(LanguageAdapter):
    """A CLIP tower, a pooling resampler, a projector, a Llama."""

    model_types: ClassVar[tuple[str, ...]] = ("llava_next_video",)
    fallback: ClassVar[str] = "USER: {video}\n{prompt} ASSISTANT:"

    @property
    def placeholder(self) -> str:
        return self.tokenizer.convert_ids_to_tokens(self.model.config.video_token_id)

    def encode(self, clip: Clip, progress: Progress | None = None, *, batch: int = 8) -> Tokens:
        """One token for each 2 x 2 patches of each frame."""
        config = self.model.config
        ready = Preparation.of(self.settings, config.vision_config.image_size)
        side = config.vision_config.image_size // config.vision_config.patch_size
        side //= config.spatial_pool_stride

        def look(frames: Any) -> Tensor:
            x = ready(frames).to(self.model.device, self.model.dtype)
            seen = self.model.model.get_video_features(pixel_values_videos=x[None]).pooler_output
            return rearrange(seen[0], "(t y x) d -> t y x d", y=side, x=side)

        x = in_batches(clip.frames, batch, look, progress)
        _, height, width, _ = clip.frames.shape
        tokens = Tokens.from_grid(x, torch.tensor(clip.times_s), clip.duration_s, space=self.space)
        return ready.seen(tokens, height, width)
