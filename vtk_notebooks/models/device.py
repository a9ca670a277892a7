"""Where a model runs."""

import torch

from vtk_notebooks.errors import WeightsError


def device_of(wish: str) -> str:
    """The device a wish means: "auto" is the first CUDA device, or the CPU where there is none."""
    there = torch.cuda.is_available()
    if wish == "auto":
        return "cuda" if there else "cpu"
    try:
        kind = torch.device(wish).type
    except RuntimeError:
        raise WeightsError("device", '"auto", or a device of torch', repr(wish)) from None
    if kind == "cuda" and not there:
        raise WeightsError("device", "a device of this machine", repr(wish), 'Say "cpu".')
    return wish
