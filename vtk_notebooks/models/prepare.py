"""Preparation: frames as a model's own files say that it wants them, and what is then in view.

Read from "preprocessor_config.json" and its relatives: the size to resize to, the square to cut
out, what to subtract and divide by. What is cut off is not lost track of: tokens remember which
part of the frame they cover.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn.functional import interpolate

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.tokens import Tokens

_MODES = {0: "nearest-exact", 2: "bilinear", 3: "bicubic"}
"""Of PIL, by the numbers that files use; 1 (Lanczos) becomes bicubic, which torch has."""


@dataclass(frozen=True)
class Preparation:
    """How frames become pixels.

    Args:
        height: to resize to, in pixels; with `shortest`, of the shorter side.
        width: likewise.
        shortest: keep the aspect ratio and make the shorter side `height`.
        crop: height and width of the centre that is cut out; None keeps everything.
        mean: taken off each channel, for channels in [0, 1].
        std: each channel is divided by.
        scale: factor that bytes are multiplied by first.
        mode: of interpolation.
    """

    height: int
    width: int
    shortest: bool = False
    crop: tuple[int, int] | None = None
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    scale: float = 1 / 255
    mode: str = "bicubic"

    @classmethod
    def of(cls, settings: Mapping[str, Any], side: int) -> "Preparation":
        """As a model's files say; `side` is its input's, for what they leave out."""
        size = settings.get("size") or {"height": side, "width": side}
        size = {"shortest_edge": size} if isinstance(size, int) else size
        if "shortest_edge" in size and "longest_edge" not in size:
            height = width = int(size["shortest_edge"])
        elif "height" in size:
            height, width = int(size["height"]), int(size["width"])
        else:
            hint = "This architecture needs a preparation of its own."
            raise WeightsError("preprocessor_config.json", "a size that is known", size, hint)
        none = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
        mean, std = settings.get("image_mean", none[0]), settings.get("image_std", none[1])
        return cls(
            height,
            width,
            shortest="shortest_edge" in size,
            crop=_crop(settings),
            mean=tuple(map(float, mean)) if settings.get("do_normalize", True) else none[0],
            std=tuple(map(float, std)) if settings.get("do_normalize", True) else none[1],
            scale=float(settings.get("rescale_factor", 1 / 255)),
            mode=_MODES.get(settings.get("resample", 3), "bicubic"),
        )

    def __call__(self, frames: UInt8[np.ndarray, "t h w 3"]) -> Float[Tensor, "t 3 y x"]:
        """Pixels, channels first."""
        _, h, w, _ = frames.shape
        x = rearrange(torch.from_numpy(np.array(frames)), "t h w c -> t c h w")
        antialias = {"antialias": True} if self.mode in ("bilinear", "bicubic") else {}
        x = interpolate(x, self._resized(h, w), mode=self.mode, **antialias)
        if self.crop:
            (top, left), (y, x_) = self._corner(h, w), self.crop
            x = x[..., top : top + y, left : left + x_]
        mean, std = (rearrange(torch.tensor(v), "c -> c 1 1") for v in (self.mean, self.std))
        return (x.float() * self.scale - mean) / std

    def seen(self, tokens: Tokens, height: int, width: int) -> Tokens:
        """The same tokens, which know that part of the frame they cover."""
        if not self.crop:
            return tokens
        (y, x), (top, left) = self._resized(height, width), self._corner(height, width)
        view = (left / x, top / y, (left + self.crop[1]) / x, (top + self.crop[0]) / y)
        return replace(tokens, view=view)

    def _resized(self, height: int, width: int) -> tuple[int, int]:
        if not self.shortest:
            return self.height, self.width
        short = min(height, width)  # the long side is cut to whole pixels, as processors do
        return self.height * height // short, self.height * width // short

    def _corner(self, height: int, width: int) -> tuple[int, int]:
        assert self.crop is not None  # noqa: S101 asked for only then
        y, x = self._resized(height, width)
        if self.crop[0] > y or self.crop[1] > x:
            got = f"{y} x {x} after resizing"
            raise WeightsError("preprocessor_config.json", f"frames of at least {self.crop}", got)
        return (y - self.crop[0]) // 2, (x - self.crop[1]) // 2


def _crop(settings: Mapping[str, Any]) -> tuple[int, int] | None:
    crop = settings.get("crop_size")
    if not settings.get("do_center_crop") or not crop:
        return None
    return (crop, crop) if isinstance(crop, int) else (int(crop["height"]), int(crop["width"]))
