"""LLaVA-OneVision: frames halved in both directions by bilinear pooling, then one newline.

After "LLaVA-OneVision: Easy Visual Task Transfer" (Li et al., 2024, arXiv:2408.03326). A film of t
frames gives t x ceil(h/2) x ceil(w/2) tokens and one newline that stands for no place.
"""

import math
from typing import Any, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._language import LanguageAdapter, Segment
from vtk_notebooks.models.frames import Progress, in_batches
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Tokens


class LlavaOneVision(LanguageAdapter):
    """A SigLIP tower, a projector, a Qwen2."""

    model_types: ClassVar[tuple[str, ...]] = ("llava_onevision",)
    fallback: ClassVar[str] = "<|im_start|>user {video}\n{prompt}<|im_end|><|im_start|>assistant\n"

    @property
    def placeholder(self) -> str:
        return self.tokenizer.convert_ids_to_tokens(self.model.config.video_token_id)

    def segments(self, prompt: str, tokens: Tokens) -> list[Segment]:
        """The newline, a vector of the model's own, closes the film."""
        before, video, after = super().segments(prompt, tokens)
        return [before, video, self.model.model.image_newline.detach()[None], after]

    def encode(self, clip: Clip, progress: Progress | None = None, *, batch: int = 8) -> Tokens:
        """Tokens of all frames; the newline has no place and is added to the prompt."""
        vision = self.model.config.vision_config
        ready = Preparation.of(self.settings, vision.image_size)
        side = math.ceil(vision.image_size // vision.patch_size / 2)

        def look(frames: Any) -> Tensor:
            x = ready(frames).to(self.model.device, self.model.dtype)
            seen = self.model.model.get_video_features(pixel_values_videos=x[None]).pooler_output
            return rearrange(seen[0, :-1], "(t y x) d -> t y x d", y=side, x=side)

        x = in_batches(clip.frames, batch, look, progress)
        _, height, width, _ = clip.frames.shape
        tokens = Tokens.from_grid(x, torch.tensor(clip.times_s), clip.duration_s, space=self.space)
        return ready.seen(tokens, height, width)
