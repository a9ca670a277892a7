"""Pad prompt: a learnt border is added to every frame before an encoder sees it.

After "Text-Visual Prompting for Efficient 2D Temporal Video Grounding" (Zhang et al., 2023,
arXiv:2303.04995). As there: the border is 96 of 448 pixels wide by default, the same share of any
frame, it is added to the pixels (nothing is replaced), it is the same for all frames, and only it
learns while the encoder stays as it is. Without a file it is 0 everywhere and frames stay as they
are, byte for byte.

What differs: any encoder of ours may stand behind it. The border is kept at one size and stretched
over the frame, sums are clipped to what a pixel can be, and it learns through whatever the caller
can differentiate (`fit`), not only with the whole model. The border of the paper's own trained
model is used by `models.adapters.tvp`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Float, UInt8
from torch import Tensor, nn
from torch.nn.functional import interpolate

from vtk_notebooks import registry
from vtk_notebooks.arrays import digest
from vtk_notebooks.blocks.kernels import load_kernel
from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


class Border(nn.Module):
    """The trainable part: what is added to pixels from 0 to 1; nothing at first.

    Args:
        side: of the square it is kept at, in pixels.
        width: of the border there.
    """

    def __init__(self, side: int = 112, width: int = 24) -> None:
        super().__init__()
        if not 0 < 2 * width <= side:
            raise VtkError("Border", "a border of up to half the side", f"{width} of {side}")
        self.config = {"side": side, "width": width}
        self.rows = nn.Parameter(torch.zeros(3, 2, width, side))  # above, below
        self.columns = nn.Parameter(torch.zeros(3, 2, side - 2 * width, width))  # left, right

    def canvas(self) -> Float[Tensor, "3 s s"]:
        """The whole square, 0 inside."""
        side, width = self.config["side"], self.config["width"]
        inner = self.columns.new_zeros(3, side - 2 * width, side - 2 * width)
        middle = torch.cat([self.columns[:, 0], inner, self.columns[:, 1]], 2)
        return torch.cat([self.rows[:, 0], middle, self.rows[:, 1]], 1)

    def forward(self, pixels: Float[Tensor, "t 3 y x"]) -> Float[Tensor, "t 3 y x"]:
        """Frames with the border on them."""
        size = (pixels.shape[2], pixels.shape[3])
        return (pixels + interpolate(self.canvas()[None], size, mode="nearest-exact")).clamp(0, 1)


def fit(
    border: Border,
    pixels: Float[Tensor, "t 3 y x"],
    loss: Callable[[Float[Tensor, "t 3 y x"]], Float[Tensor, ""]],
    steps: int = 10,
    rate: float = 0.03,
) -> list[float]:
    """Train a border in place; gives the loss of every step.

    Args:
        border: that learns; nothing else does.
        pixels: frames, from 0 to 1.
        loss: of frames with the border on them; an encoder and what is wanted of it.
        steps: of Adam.
        rate: its learning rate.
    """
    optimiser, values = torch.optim.Adam(border.parameters(), rate), []
    for _ in range(steps):
        value = loss(border(pixels))
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        values.append(value.item())
    return values


def as_pixels(frames: UInt8[np.ndarray, "t y x 3"]) -> Float[Tensor, "t 3 y x"]:
    """Frames as pixels from 0 to 1."""
    return rearrange(torch.tensor(frames), "t y x c -> t c y x").float() / 255


@register(
    "encoder",
    "pad_prompt",
    title="Pad prompt (TVP)",
    paper="Text-Visual Prompting for Efficient 2D Temporal Video Grounding",
    year=2023,
    arxiv="2303.04995",
    atlas=("tvp",),
)
@dataclass(frozen=True, eq=False)
class PadPrompt:
    """The tokens that another encoder makes of frames with a border.

    Args:
        encoder: by name, with its own defaults.
        file: a border that `blocks.kernels.save_kernel` wrote; none adds nothing.
    """

    encoder: str = "conse"
    file: str = ""

    def __post_init__(self) -> None:
        if self.encoder == "pad_prompt":
            raise VtkError("PadPrompt", "another encoder", "itself")

    @property
    def space(self) -> str:
        """That of the encoder."""
        return registry.build("encoder", self.encoder).space

    def weights(self) -> str:
        """What the encoder's weights are, and the border."""
        behind = registry.build("encoder", self.encoder).weights()
        return f"{behind}, border {digest(self.border.canvas())}"

    def __call__(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """The encoder's tokens; `progress` is told frames done and frames in all."""
        return registry.build("encoder", self.encoder)(self.prompted(clip), progress)

    def __getattr__(self, name: str) -> Any:
        """The way of the encoder to read a question, where it has one."""
        if name != "read":
            raise AttributeError(name)
        return registry.build("encoder", self.encoder).read

    @torch.no_grad()
    def prompted(self, clip: Clip) -> Clip:
        """The clip with the border on its frames."""
        pixels = (self.border(as_pixels(clip.frames)) * 255).round().to(torch.uint8)
        return replace(clip, frames=rearrange(pixels, "t c y x -> t y x c").numpy())

    @cached_property
    def border(self) -> Border:
        """What is added."""
        return load_kernel(Border, self.file) if self.file else Border()
