"""Video-LLaVA: all patches of every frame, and the class token of each, which speaks for it whole.

After "Video-LLaVA: Learning United Visual Representation by Alignment Before Projection" (Lin et
al., 2023, arXiv:2311.10122). A film of t frames gives t x (1 + h w) tokens. The model was trained
on 8 frames; other numbers run.
"""

from typing import Any, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._language import LanguageAdapter
from vtk_notebooks.models.frames import Progress, in_batches
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Space, Tokens


class VideoLlava(LanguageAdapter):
    """A LanguageBind tower, a projector, a Vicuna."""

    model_types: ClassVar[tuple[str, ...]] = ("video_llava",)
    fallback: ClassVar[str] = "USER: {video}\n{prompt} ASSISTANT:"

    @property
    def placeholder(self) -> str:
        return self.tokenizer.convert_ids_to_tokens(self.model.config.video_token_id)

    def encode(self, clip: Clip, progress: Progress | None = None, *, batch: int = 8) -> Tokens:
        """Frame by frame: the class token, tied to all cells of its frame, then its patches."""
        vision = self.model.config.vision_config
        ready, side = (
            Preparation.of(self.settings, vision.image_size),
            vision.image_size // vision.patch_size,
        )

        def look(frames: Any) -> Tensor:
            x = ready(frames).to(self.model.device, self.model.dtype)
            return self.model.model.get_video_features(pixel_values_videos=x[None]).pooler_output

        x = in_batches(clip.frames, batch, look, progress)
        frames, cells = len(clip), side * side
        token = rearrange(torch.arange(frames * (1 + cells)), "(t s) -> t s", t=frames)
        cell = rearrange(torch.arange(frames * cells), "(t s) -> t s", t=frames)
        own = torch.stack([token[:, 1:], cell], -1)
        whole = torch.stack([token[:, :1].expand_as(cell), cell], -1)
        share = torch.cat([torch.ones(own.shape[:2]), torch.full(whole.shape[:2], 1 / cells)])
        tokens = Tokens(
            rearrange(x, "t s d -> (t s) d"),
            rearrange([own, whole], "k t s e -> (k t s) e"),
            share.flatten(),
            (frames, side, side),
            torch.tensor(clip.times_s),
            clip.duration_s,
            kind="receptive",
            spaces=(Space(self.space, x.shape[-1]),),
        )
        _, height, width, _ = clip.frames.shape
        return ready.seen(tokens, height, width)
