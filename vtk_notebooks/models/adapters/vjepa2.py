"""V-JEPA 2: tubelets of two frames with rotary positions in space-time.

After "V-JEPA 2: Self-Supervised Video Models Enable Understanding, Prediction and Planning" (Assran
et al., 2025, arXiv:2506.09985). The encoder only; its predictor is for what was masked.
"""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.models.adapters._tower import WindowTower


class VJEPA2(WindowTower):
    """The encoder, without its predictor."""

    model_types: ClassVar[tuple[str, ...]] = ("vjepa2",)

    def see(self, x: Float[Tensor, "t 3 y x"]) -> Float[Tensor, "g h w d"]:
        hidden = self.model.get_vision_features(x[None])[0]
        return self.cube(hidden, len(x) // self.span)
