"""Estimate: what a model will need, before a byte of it is read.

Weights are counted from the headers of its safetensors files. Activations and the cache of keys
and values are arithmetic on its config: two vectors per layer and position for the cache; for
activations, the widest layer of one forward pass, which a fused attention keeps linear. An
estimate is meant to be right within a factor of two and never to be silent.
"""

import json
import warnings
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.positions import TEXT, film_size
from vtk_notebooks.models.source import Source

BYTES = {"float32": 4, "bfloat16": 2, "float16": 2, "int8": 1, "int4": 0.5}
_STORED = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1}
_TYPES = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}
_SPARE = 1.1  # allocators round up and fragment


@dataclass(frozen=True)
class MemoryEstimate:
    """Bytes, by what they are for.

    Args:
        weights: in the chosen dtype.
        activations: of the widest layer, for that many positions.
        cache: keys and values of all layers, for that many positions.
        free: what the device has.
        device: "cpu" or "cuda".
        frames: that would fit, of those asked for; 0 where none does, or none were said.
    """

    weights: int
    activations: int
    cache: int
    free: int
    device: str
    frames: int = 0

    @property
    def total(self) -> int:
        """Everything, with a tenth to spare."""
        return int(_SPARE * (self.weights + self.activations + self.cache))

    @property
    def fits(self) -> bool:
        """Whether the device has room."""
        return self.total <= self.free

    def __str__(self) -> str:
        parts = {"weights": self.weights, "activations": self.activations, "cache": self.cache}
        told = " + ".join(f"{name} {_gb(value)}" for name, value in parts.items())
        return f"{told} = {_gb(self.total)} of {_gb(self.free)} free ({self.device})"


def estimate(
    source: Source,
    *,
    dtype: str = "auto",
    device: str = "cpu",
    positions: int = 4096,
    frames: int | None = None,
    held: tuple[int, str] | None = None,
) -> MemoryEstimate:
    """What loading and one prompt of that length need.

    Args:
        source: of the model.
        dtype: a key of `BYTES`, or "auto" for the files' own.
        device: "cpu" or a CUDA device.
        positions: tokens in the prompt, video and text.
        frames: of the film, instead of `positions`.
        held: parameters and their dtype, where its weight files are not here to be asked.
    """
    if frames is not None and frames < 1:
        raise WeightsError("estimate", "1 frame or more", frames)
    count, stored = held or parameters(source.weight_files)
    size = BYTES[dtype if dtype != "auto" else stored]
    weights, free = int(count * size), free_bytes(device)
    half = 4 if size == 4 else 2  # quantised weights still compute in 16 bits
    if frames is None:
        return MemoryEstimate(weights, *_work(source, half, positions), free, device)

    def needed(many: int) -> MemoryEstimate:
        film = film_size(source, many)
        work = _work(source, half, film.tokens + TEXT, film.at_once * film.patches)
        return MemoryEstimate(weights, *work, free, device)

    most = bisect_right(range(1, frames + 1), False, key=lambda many: not needed(many).fits)
    return replace(needed(frames), frames=most)


def _work(source: Source, half: int, positions: int, patches: int = 0) -> tuple[int, int]:
    """Bytes of activations and of the cache; a tower's are gone before the text's come."""
    text = _text(source.config)
    width, inner = _widths(text)
    layers = int(text.get("num_hidden_layers", text.get("depth", 12)))
    heads = int(text.get("num_attention_heads", text.get("num_heads", 16)))
    kv_heads = int(text.get("num_key_value_heads") or heads)
    head = int(text.get("head_dim") or width // heads)
    cache = 2 * layers * kv_heads * head * positions * half
    wide, deep = _widths(source.config.get("vision_config") or text)
    most = max(positions * (2 * inner + 6 * width), patches * (2 * deep + 6 * wide))
    return most * half, cache


def _widths(config: Mapping[str, Any]) -> tuple[int, int]:
    """Channels of a layer, and inside its MLP."""
    width = int(config.get("hidden_size", config.get("embed_dim", 1024)))
    return width, int(config.get("intermediate_size", 4 * width))


def parameters(files: list[Path]) -> tuple[int, str]:
    """How many there are in safetensors files, and the dtype that holds most of them."""
    by_type: dict[str, int] = {}
    for path in files:
        for name, entry in _header(path).items():
            if name != "__metadata__":
                start, stop = entry["data_offsets"]
                kind = entry["dtype"]
                by_type[kind] = by_type.get(kind, 0) + (stop - start) // _STORED.get(kind, 1)
    most = max(by_type, key=lambda kind: by_type[kind], default="F32")
    return sum(by_type.values()), _TYPES.get(most, "float32")


def free_bytes(device: str) -> int:
    """What the device could still give."""
    if device.startswith("cuda"):
        import torch

        return torch.cuda.mem_get_info(device)[0]
    import psutil

    return psutil.virtual_memory().available


class MemoryWarning(UserWarning):
    """A model is loaded that will probably not fit, because somebody said so."""


def check(needed: MemoryEstimate, who: str, force: bool = False) -> None:
    """An error when it cannot fit, which says the setting that would; with force, a warning."""
    if needed.fits:
        return
    if force:
        warnings.warn(f"{who} may not fit: {needed}", MemoryWarning, stacklevel=3)
        return
    room = needed.free / _SPARE - needed.activations - needed.cache
    hint = "Choose a smaller model, or free memory."
    if needed.weights / 2 <= room and needed.weights > room:
        hint = 'Try dtype="bfloat16" or half of its size, or force=True.'
    elif needed.weights / 8 <= room and needed.weights > room:
        hint = 'Try quantization="4bit" (needs a CUDA device), or force=True.'
    elif needed.weights <= needed.free / _SPARE:
        hint = "Ask with fewer frames or tokens, or force=True."
        if needed.frames:
            hint = f"Try frames={needed.frames}, or force=True."
    raise WeightsError(who, f"{_gb(needed.total)} of memory", f"{_gb(needed.free)} free", hint)


def _header(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            if size > path.stat().st_size:
                raise ValueError("cut off")
            return json.loads(file.read(size))
    except (OSError, ValueError) as error:
        hint = "Fetch or save it again."
        raise WeightsError(path.name, "a safetensors file", str(error)[:60], hint) from None


def _text(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a config that holds most positions: the language model's, where there is one."""
    return config.get("text_config") or config.get("llm_config") or config


def _gb(count: float | int) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e7 else f"{count / 1e6:.2f} MB"
