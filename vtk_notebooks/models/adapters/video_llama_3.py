"""VideoLLaMA3: frames of any size, patches merged 2 x 2 after the tower, plain positions.

After "VideoLLaMA 3: Frontier Multimodal Foundation Models for Image and Video Understanding" (Zhang
et al., 2025, arXiv:2501.13106). Its own pruner of still patches (`video_compression_mask`) is left
out: whichever compressor is wanted stands behind `encode`.
"""

from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._language import LanguageAdapter
from vtk_notebooks.models.adapters._patches import smart_size
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Tokens


class VideoLlama3(LanguageAdapter):
    """A SigLIP tower with rotary positions, a projector, a Qwen2."""

    model_types: ClassVar[tuple[str, ...]] = ("video_llama_3",)
    fallback: ClassVar[str] = (
        "<|im_start|>user\n{video}\n{prompt}<|im_end|>\n<|im_start|>assistant\n"
    )

    @property
    def placeholder(self) -> str:
        return self.tokenizer.convert_ids_to_tokens(self.model.config.video_token_id)

    def encode(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token for each square of patches of each frame."""
        pixels, grid, merge = self.pixels(clip)
        with torch.inference_mode():
            seen = self.model.model.get_video_features(
                pixel_values_videos=pixels.to(self.model.device, self.model.dtype),
                video_grid_thw=grid.to(self.model.device),
                video_merge_sizes=torch.tensor([merge], device=self.model.device),
            )
        t, h, w = grid[0].tolist()
        x = torch.cat(list(seen.pooler_output)).float().cpu()
        x = rearrange(x, "(t y x) d -> t y x d", t=t, y=h // merge, x=w // merge)
        if progress is not None:
            progress(len(clip), len(clip))
        times_s = torch.tensor(clip.times_s)
        return Tokens.from_grid(x, times_s, clip.duration_s, space=self.space)

    def pixels(self, clip: Clip) -> tuple[Float[Tensor, "p c"], Int[Tensor, "1 3"], int]:
        """Patches in the tower's order, how many along each axis, and the side of a merge."""
        patch = self.model.config.vision_config.patch_size
        merge = int(self.settings.get("merge_size", 2))
        _, height, width, _ = clip.frames.shape
        size = smart_size(height, width, patch * merge, self.settings)
        plain = {**self.settings, "size": {"height": size[0], "width": size[1]}}
        x = rearrange(
            Preparation.of(plain, size[0])(clip.frames),
            "t c (y m p) (x n q) -> (t y x m n) (c p q)",
            m=merge, n=merge, p=patch, q=patch,
        )  # fmt: skip
        return x, torch.tensor([(len(clip), size[0] // patch, size[1] // patch)]), merge
