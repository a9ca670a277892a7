"""Qwen2-VL and Qwen2.5-VL: patches of two frames, merged 2 x 2, with positions in space-time.

After "Qwen2-VL: Enhancing Vision-Language Model's Perception of the World at Any Resolution" (Wang
et al., 2024, arXiv:2409.12191) and "Qwen2.5-VL Technical Report" (Bai et al., 2025,
arXiv:2502.13923). A token speaks for the same place in `temporal_patch_size` frames; its rotary
position has three axes: time, row, column. Time is counted in groups of frames by Qwen2-VL, in
`tokens_per_second` of film by Qwen2.5-VL; here that is the film's own time, so that frames that
are not evenly spaced keep their distance. A compressed token takes the position of the middle of
its cells, rounded down in time as the first of a group is.
"""

from collections.abc import Sequence
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._language import LanguageAdapter, Segment
from vtk_notebooks.models.adapters._patches import grouped, smart_size
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Tokens


class Qwen25VL(LanguageAdapter):
    """Both generations; the config says which."""

    model_types: ClassVar[tuple[str, ...]] = ("qwen2_5_vl", "qwen2_vl")
    fallback: ClassVar[str] = (
        "<|im_start|>user\n<|vision_start|>{video}<|vision_end|>{prompt}<|im_end|>\n"
        "<|im_start|>assistant\n"
    )

    @property
    def placeholder(self) -> str:
        return self.tokenizer.convert_ids_to_tokens(self.model.config.video_token_id)

    def encode(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token for each 2 x 2 patches of each group of frames."""
        vision = self.model.config.vision_config
        merge, per = vision.spatial_merge_size, vision.temporal_patch_size
        pixels, grid = self.pixels(clip)
        with torch.inference_mode():
            seen = self.model.model.get_video_features(
                pixel_values_videos=pixels.to(self.model.device, self.model.dtype),
                video_grid_thw=grid.to(self.model.device),
            )
        t, h, w = grid[0].tolist()
        x = torch.cat(list(seen.pooler_output)).float().cpu()
        x = rearrange(x, "(t y x) d -> t y x d", t=t, y=h // merge, x=w // merge)
        if progress is not None:
            progress(len(clip), len(clip))
        return grouped(x, clip, per, self.space)

    def pixels(self, clip: Clip) -> tuple[Float[Tensor, "p c"], Int[Tensor, "1 3"]]:
        """Patches in the order the tower takes them, and how many along time, rows, columns."""
        vision = self.model.config.vision_config
        patch, merge, per = (
            vision.patch_size,
            vision.spatial_merge_size,
            vision.temporal_patch_size,
        )
        _, height, width, _ = clip.frames.shape
        size = smart_size(height, width, patch * merge, self.settings)
        plain = {**self.settings, "size": {"height": size[0], "width": size[1]}}
        x = Preparation.of(plain, size[0])(clip.frames)
        x = torch.cat([x, x[-1:].expand(-len(x) % per, -1, -1, -1)])
        x = rearrange(
            x,
            "(t per) c (y m p) (x n q) -> (t y x m n) (c per p q)",
            per=per, m=merge, n=merge, p=patch, q=patch,
        )  # fmt: skip
        grid = (-(-len(clip) // per), size[0] // patch, size[1] // patch)
        return x, torch.tensor([grid])

    def positions(
        self, segments: Sequence[Segment], sizes: Sequence[int], tokens: Tokens
    ) -> tuple[Int[Tensor, "3 1 n"], int]:
        """Words count on along all axes; video starts where they are and spreads from there."""
        places, parts, at = self._places(tokens), list[Tensor](), 0
        for segment, size in zip(segments, sizes, strict=True):
            if isinstance(segment, str) or segment.is_floating_point():
                parts.append((at + torch.arange(size)).expand(3, -1))
                at += size
            else:
                parts.append(at + places[:, segment])
                at += max(tokens.grid[1], tokens.grid[2])
        whole = torch.cat(parts, 1)
        return whole[:, None], int(whole.max()) + 1

    def _places(self, tokens: Tokens) -> Int[Tensor, "3 n"]:
        """Time, row and column of each token; tokens without a place stand at the start."""
        vision = self.model.config.vision_config
        frame, row, column = tokens.centre().nan_to_num(0.0).unbind(1)
        group = (frame / vision.temporal_patch_size).floor().long()
        rate = getattr(vision, "tokens_per_second", None)
        if rate is not None:
            starts_s = tokens.times_s[:: vision.temporal_patch_size]
            group = ((starts_s - starts_s[0]) * rate).round(decimals=6).floor().long()[group]
        return torch.stack([group, row.round().long(), column.round().long()])
