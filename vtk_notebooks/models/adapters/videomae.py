"""VideoMAE: tubelets of two frames, seen all together, no class token.

After "VideoMAE: Masked Autoencoders are Data-Efficient Learners for Self-Supervised Video
Pre-Training" (Tong et al., 2022, arXiv:2203.12602).
"""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.models.adapters._tower import Tower


class VideoMAE(Tower):
    """The encoder, without its decoder or classifier."""

    model_types: ClassVar[tuple[str, ...]] = ("videomae",)

    @property
    def window(self) -> int:
        return self.model.config.num_frames

    @property
    def span(self) -> int:
        return self.model.config.tubelet_size

    @property
    def side(self) -> int:
        return self.model.config.image_size // self.model.config.patch_size

    @property
    def side_px(self) -> int:
        return self.model.config.image_size

    def see(self, x: Float[Tensor, "t 3 y x"]) -> Float[Tensor, "g h w d"]:
        hidden = self.model(pixel_values=x[None]).last_hidden_state[0]
        return self.cube(hidden, len(x) // self.span)
