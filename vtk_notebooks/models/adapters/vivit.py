"""ViViT: tubelets and one class token for the whole window, which is left out.

After "ViViT: A Video Vision Transformer" (Arnab et al., 2021, arXiv:2103.15691), factorised in its
embedding only.
"""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.models.adapters._tower import WindowTower


class ViViT(WindowTower):
    """The encoder, without its classifier."""

    model_types: ClassVar[tuple[str, ...]] = ("vivit",)

    def see(self, x: Float[Tensor, "t 3 y x"]) -> Float[Tensor, "g h w d"]:
        hidden = self.model(pixel_values=x[None]).last_hidden_state[0, 1:]
        return self.cube(hidden, len(x) // self.span)
