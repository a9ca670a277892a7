"""Qwen3-VL: each group of two frames after its time in seconds, and features on several levels.

After "Qwen3-VL Technical Report" (Bai et al., 2025, arXiv:2511.21631). The time of a group is the
middle of its frames' times, written as text in front of it; rotary positions no longer count time.
Features of earlier layers of the tower ("DeepStack") are added inside the language model's first
layers at the positions of video. Here they are further channels of the tokens, in spaces of their
own, so that a compressor merges or drops all levels together.
"""

from dataclasses import replace
from typing import Any

import torch
from einops import rearrange
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._language import Prompt, Segment
from vtk_notebooks.models.adapters._patches import grouped, rows_by_frame
from vtk_notebooks.models.adapters.qwen2_5_vl import Qwen25VL
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.tokens import Space, Tokens


class Qwen3VL(Qwen25VL):
    """The tower's patches and positions as before; times in words."""

    model_types = ("qwen3_vl",)
    fallback = "<|im_start|>user\n{video}{prompt}<|im_end|>\n<|im_start|>assistant\n"
    start, end = "<|vision_start|>", "<|vision_end|>"

    def template(self, prompt: str) -> str:
        """A template that fences the video is taken without: every group has a fence of its own."""
        fenced = f"{self.start}{self.placeholder}{self.end}"
        return super().template(prompt).replace(fenced, self.placeholder)

    def encode(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token for each 2 x 2 patches of each group of frames, with all levels as channels."""
        vision = self.model.config.vision_config
        pixels, grid = self.pixels(clip)
        with torch.inference_mode():
            seen = self.model.model.get_video_features(
                pixel_values_videos=pixels.to(self.model.device, self.model.dtype),
                video_grid_thw=grid.to(self.model.device),
            )
        levels = [torch.cat(list(seen.pooler_output))]
        levels += [torch.cat(list(f)) if isinstance(f, tuple | list) else f
                   for f in seen.deepstack_features]  # fmt: skip
        t, h, w = grid[0].tolist()
        merge = vision.spatial_merge_size
        x = torch.cat(levels, -1).float().cpu()
        x = rearrange(x, "(t y x) d -> t y x d", t=t, y=h // merge, x=w // merge)
        if progress is not None:
            progress(len(clip), len(clip))
        tokens = grouped(x, clip, vision.temporal_patch_size, self.space)
        spaces = [Space(self._level(i), level.shape[1]) for i, level in enumerate(levels)]
        return replace(tokens, spaces=tuple(spaces))

    def segments(self, prompt: str, tokens: Tokens) -> list[Segment]:
        """Groups of frames, each after the middle of its time."""
        before, _, after = self.template(prompt).partition(self.placeholder)
        per = self.model.config.vision_config.temporal_patch_size
        by_group: dict[int, list[Tensor]] = {}
        for frame, rows in rows_by_frame(tokens):
            by_group.setdefault(frame // per, []).append(rows)
        out: list[Segment] = [before]
        for group, parts in by_group.items():
            times_s = tokens.times_s[group * per : (group + 1) * per]
            middle_s = float(times_s[0] + times_s[-1]) / 2
            label = f"{out[-1]}<{middle_s:.1f} seconds>{self.start}"
            out = [*out[:-1], label, torch.cat(parts).sort().values, self.end]
        return [*out[:-1], f"{out[-1]}{after}"]

    def _places(self, tokens: Tokens) -> Int[Tensor, "3 n"]:
        """Rows and columns of each group spread from where it stands; time is in words."""
        _, row, column = tokens.centre().nan_to_num(0.0).round().long().unbind(1)
        return torch.stack([torch.zeros_like(row), row, column])

    def more_inputs(self, prompt: Prompt, tokens: Tokens) -> dict[str, Any]:
        """Features of the other levels, for the positions of video in their order."""
        order = prompt.token[prompt.video]
        levels = [tokens.part(self._level(i))[order] for i in range(1, len(tokens.spaces))]
        return {
            "visual_pos_masks": prompt.video[None].to(prompt.embeds.device),
            "deepstack_visual_embeds": [x.to(prompt.embeds) for x in levels],
        }

    def _forward(
        self, embeds: Tensor, memory: Any, positions: Tensor | None, keep: int, **more: Any
    ) -> Any:
        """Past the outer model, which takes levels only from its own tower."""
        where = {} if positions is None else {"position_ids": positions.to(embeds.device)}
        out = self.model.model.language_model(
            inputs_embeds=embeds, past_key_values=memory, use_cache=True, **where, **more
        )
        return self.model.lm_head(out.last_hidden_state[0, -keep:]), out.past_key_values

    def _level(self, i: int) -> str:
        return f"{self.space} level {i}" if i else self.space
