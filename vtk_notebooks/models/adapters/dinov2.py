"""DINOv2: patches of single frames, without words.

After "DINOv2: Learning Robust Visual Features without Supervision" (Oquab et al., 2023,
arXiv:2304.07193). For weights that ship in a package see the encoder `dinov2`; this is the door for
any checkpoint of the architecture.
"""

from typing import ClassVar

from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.models.adapters._tower import Tower


class Dinov2(Tower):
    """Patch tokens after the last normalisation; registers and the class token are left out."""

    model_types: ClassVar[tuple[str, ...]] = ("dinov2", "dinov2_with_registers")

    @property
    def window(self) -> int:
        return 1

    @property
    def side(self) -> int:
        return self.side_px // self.model.config.patch_size

    @property
    def side_px(self) -> int:
        crop = self.settings.get("crop_size") or self.settings.get("size") or {}
        return int(crop.get("height", self.model.config.image_size))

    def see(self, x: Float[Tensor, "t 3 y x"]) -> Float[Tensor, "g h w d"]:
        first = 1 + getattr(self.model.config, "num_register_tokens", 0)
        hidden = self.model(pixel_values=x).last_hidden_state[:, first:]
        return rearrange(hidden, "g (h w) d -> g h w d", h=self.side)
