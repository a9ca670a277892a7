"""Kernels: the trainable networks inside mechanisms, drawn by a seed, kept in one file each.

A kernel is an `nn.Module` whose `config` holds what its constructor was called with, as JSON
values; the file carries it beside the weights, so that a path is all a recipe has to name.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.atomic import replacing
from vtk_notebooks.errors import ShapeError, WeightsError

M = TypeVar("M", bound=nn.Module)


def drawn(make: Callable[[], M], seed: int) -> M:
    """A module whose first weights follow from the seed alone, ready to be asked.

    Args:
        make: builds it; layers draw from the global generator, which is put back afterwards.
        seed: equal seeds, equal weights.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make().eval()


def save_kernel(kernel: nn.Module, file: str | Path) -> str:
    """Write weights and `config`, whole or not at all; gives the path as a recipe names it."""
    from safetensors.torch import save_file

    file, config = Path(file), getattr(kernel, "config", {})
    state = {name: tensor.contiguous() for name, tensor in kernel.state_dict().items()}
    with replacing(file) as part:
        save_file(state, part, {"config": json.dumps(config)})
    return str(file)


def load_kernel(make: Callable[..., M], file: str | Path) -> M:
    """The kernel that `save_kernel` wrote, ready to be asked.

    Args:
        make: its class; called with the file's `config`. Nothing is allocated until the file's
            tensors are seen to fit.
        file: safetensors; text in it is data and never runs.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(file), "pt") as f:
            config: dict[str, Any] = json.loads((f.metadata() or {})["config"])
            with torch.device("meta"):
                kernel = make(**config)
            state = {name: f.get_tensor(name) for name in f.keys()}  # noqa: SIM118
        kernel.load_state_dict(state, assign=True)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        who = getattr(make, "__name__", "kernel")
        hint = "Write one with `save_kernel(kernel, file)`."
        raise WeightsError(who, f"a file with a trained {who}", str(file), hint) from error
    return kernel.eval()


def load_fitting(make: Callable[..., M], file: str | Path, width: int, who: str) -> M:
    """As `load_kernel`, for features of that width; of others the error says who was asked."""
    kernel = load_kernel(make, file)
    config: dict[str, Any] = getattr(kernel, "config", {})
    if config["width"] != width:
        expected = f"{config['width']} channels, as {file} was trained on"
        raise ShapeError(who, expected, width, "Mind the encoder.")
    return kernel


def precise(x: Float[Tensor, "*b d"]) -> Float[Tensor, "*b d"]:
    """The same features in 32 bits or more, as kernels compute."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def frozen(kernel: M, like: Tensor) -> M:
    """The kernel ready for `precise` features of that kind, with no gradients of its own.

    Gradients still flow through it to what it is asked.
    """
    exact = torch.promote_types(like.dtype, torch.float32)
    return kernel.to(like.device, exact).requires_grad_(False)


def loudness(x: Float[Tensor, "*b d"], widths: Sequence[int]) -> Float[Tensor, "*b d"]:
    """The root mean square of a token's channels, run by run, in the place of each channel.

    What untrained weights add to features is scaled by it, so that they season every space alike
    and drown none.

    Args:
        x: features.
        widths: of the runs, adding up to d; one for each feature space.
    """
    runs = (run.square().mean(-1, keepdim=True) + 1e-12 for run in x.split(list(widths), -1))
    return torch.cat(
        [s.sqrt().expand(*s.shape[:-1], w) for s, w in zip(runs, widths, strict=True)], -1
    )
