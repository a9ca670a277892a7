"""TimeSformer: frames looked at in time, then in space; tokens of a place lie together.

After "Is Space-Time Attention All You Need for Video Understanding?" (Bertasius et al., 2021,
arXiv:2102.05095). Its hidden states run through the frames of a place before the next place; here
they are put in order of time. transformers runs it "eager" only.
"""

from typing import ClassVar

from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.models.adapters._tower import WindowTower


class TimeSformer(WindowTower):
    """The encoder, without its classifier."""

    model_types: ClassVar[tuple[str, ...]] = ("timesformer",)

    def see(self, x: Float[Tensor, "t 3 y x"]) -> Float[Tensor, "g h w d"]:
        hidden = self.model(pixel_values=x[None]).last_hidden_state[0, 1:]
        return rearrange(hidden, "(h w g) d -> g h w d", h=self.side, w=self.side)
