"""ViViT: tubelets and one class token for the whole window, which is left out.

After "ViViT: A Video Vision Transformer" (Arnab et al., 2021, arXiv:2103.15691), factorised in its
embedding only.
"""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.models.adapters._tower import Tower


class ViViT(Tower):
    """The encoder, without its classifier."""

    model_types: ClassVar[tuple[str, ...]] = ("vivit",)

    @property
    def window(self) -> int:
        return self.model.config.num_frames

    @property
    def span(self) -> int:
        return self.model.config.tubelet_size[0]

    @property
    def side(self) -> int:
        return self.model.config.image_size // self.model.config.tubelet_size[1]

    @property
    def side_px(self) -> int:
        return self.model.config.image_size

    def see(self, x: Float[Tensor, "t 3 y x"]) -> Float[Tensor, "g h w d"]:
        hidden = self.model(pixel_values=x[None]).last_hidden_state[0, 1:]
        return self.cube(hidden, len(x) // self.span)
