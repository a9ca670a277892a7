"""TVP: learned prompts around frames and before words; answers with a moment, not with text.

After "Text-Visual Prompting for Efficient 2D Temporal Video Grounding" (Zhang et al., 2023,
arXiv:2303.04995). Frames are resized along their longer side, padded to a square at the bottom
right, and seen blue first, as its processor does. `encode` gives the grid features with the visual
prompt on the frames; `ground` runs the whole model. transformers runs it "eager" only, and its
prompter "framedownpad" is broken there: "framepad" works.
"""

from dataclasses import replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import interpolate, pad

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._adapter import Adapter
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.moment import Moment
from vtk_notebooks.tokens import Tokens


class TVP(Adapter):
    """A ResNet, a transformer over text and grid, a head of two numbers."""

    model_types: ClassVar[tuple[str, ...]] = ("tvp",)
    auto: ClassVar[str] = "TvpForVideoGrounding"

    def encode(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """Grid features of every frame; the padded part of the square has no film behind it."""
        model = self.model.model
        with torch.inference_mode():
            grid = model.vision_model(model.visual_prompter(self.pixels(clip)[None]))[0]
        if progress is not None:
            progress(len(clip), len(clip))
        _, height, width, _ = clip.frames.shape
        long = max(height, width)
        tokens = Tokens.from_grid(
            grid.float().cpu().clone(),
            torch.tensor(clip.times_s),
            clip.duration_s,
            space=self.space,
        )
        view = (0.0, 0.0, long / width, long / height)
        return replace(tokens, view=view)

    def ground(self, clip: Clip, text: str) -> Moment:
        """When the text happens: the model's two parts of the duration, in order."""
        ids = self.tokenizer(text, return_tensors="pt")
        given = {k: ids[k].to(self.model.device) for k in ("input_ids", "attention_mask")}
        with torch.inference_mode():
            parts = self.model(pixel_values=self.pixels(clip)[None], **given).logits[0]
        start_s, end_s = (parts.sort().values * clip.duration_s).tolist()
        return Moment(start_s, max(end_s, start_s + 1e-6), text=text).within(clip.duration_s)

    def pixels(self, clip: Clip) -> Float[Tensor, "t 3 y x"]:
        """Frames as the model sees them."""
        side = int(
            (self.settings.get("pad_size") or {}).get("height", self.model.config.max_img_size)
        )
        long = int((self.settings.get("size") or {}).get("longest_edge", side))
        x = torch.from_numpy(clip.frames.copy())
        x = rearrange(x, "t h w c -> t c h w")
        scale = long / max(x.shape[-2:])
        size = [max(1, int(s * scale)) for s in x.shape[-2:]]
        x = interpolate(x, size, mode="bilinear", antialias=True).float()
        x = x * float(self.settings.get("rescale_factor", 1 / 255))
        x = pad(x, (0, side - size[1], 0, side - size[0]))
        mean = rearrange(torch.tensor(self.settings.get("image_mean", [0.0] * 3)), "c -> c 1 1")
        std = rearrange(torch.tensor(self.settings.get("image_std", [1.0] * 3)), "c -> c 1 1")
        x = (x - mean) / std
        x = x.flip(1) if self.settings.get("do_flip_channel_order", True) else x
        return x.to(self.model.device, self.model.dtype)
