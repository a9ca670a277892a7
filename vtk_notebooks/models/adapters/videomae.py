"""VideoMAE: tubelets of two frames, seen all together, no class token.

After "VideoMAE: Masked Autoencoders are Data-Efficient Learners for Self-Supervised Video
Pre-Training" (Tong et al., 2022, arXiv:2203.12602).
"""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.models.adapters._tower import WindowTower


class VideoMAE(WindowTower):
    """The encoder, without its decoder or classifier."""

    model_types: ClassVar[tuple[str, ...]] = ("videomae",)

    def see(self, x: Float[Tensor, "t 3 y x"]) -> Float[Tensor, "g h w d"]:
        hidden = self.model(pixel_values=x[None]).last_hidden_state[0]
        return self.cube(hidden, len(x) // self.span)
