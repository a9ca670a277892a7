"""Positions: about how many tokens so many frames become, before anything is loaded.

Arithmetic on config and preprocessing, for the estimate of memory only: right within a factor of
two. Which token sits where is never taken from here, but from the adapter.
"""

from dataclasses import dataclass
from math import prod
from typing import Any

from vtk_notebooks.models.source import Source

TEXT = 256
"""Positions of a question and of what is written around the frames."""
FILM = (480, 854)
"""Pixels of a frame, where a model takes films at their own size."""
_MERGES = {"llava_onevision": 2, "video_llama_3": 2}
"""Cells along a side that become one token, where neither config nor preprocessing says."""


@dataclass(frozen=True)
class FilmSize:
    """What a film becomes.

    Args:
        patches: of the tower, for one frame.
        tokens: of the whole film, as the language model or the next stage takes them.
        at_once: frames that the tower holds at a time.
    """

    patches: int
    tokens: int
    at_once: int


def film_size(source: Source, frames: int) -> FilmSize:
    """Patches and tokens of a film of so many frames."""
    config = source.config
    vision = {**config, **(config.get("vision_config") or {})}
    size = source.settings.get("size") or {}
    own = isinstance(size, dict) and {"shortest_edge", "longest_edge"} <= set(size)
    patch, per = _patch(vision)
    pixels = _own_pixels(size) if own else _fixed_pixels(source, vision)
    patches = max(1, round(pixels / prod(patch)))
    groups = -(-frames // per)
    if queries := config.get("num_query_tokens"):
        return FilmSize(patches, frames * int(queries), frames)
    merge = _merge(source, vision)
    each = max(1, round(patches / merge**2))
    windowed = vision.get("num_frames") or vision.get("frames_per_clip") or 8
    return FilmSize(patches, groups * each, frames if own else min(frames, int(windowed)))


def _own_pixels(size: dict[str, Any]) -> int:
    """Of a frame that keeps its shape between fewest and most pixels."""
    return int(min(max(prod(FILM), size["shortest_edge"]), size["longest_edge"]))


def _fixed_pixels(source: Source, vision: dict[str, Any]) -> int:
    side = vision.get("image_size") or vision.get("crop_size") or vision.get("max_img_size") or 224
    crop = source.settings.get("crop_size")
    if source.settings.get("do_center_crop") and isinstance(crop, dict):
        side = (crop["height"], crop["width"])
    return prod(_pair(side))


def _patch(vision: dict[str, Any]) -> tuple[tuple[int, int], int]:
    """Height and width of a patch, and frames that it spans."""
    tube = vision.get("tubelet_size") or vision.get("temporal_patch_size") or 1
    if isinstance(tube, list):
        return (tube[1], tube[2]), tube[0]
    return _pair(vision.get("patch_size") or 16), int(tube)


def _merge(source: Source, vision: dict[str, Any]) -> float:
    """Cells along a side that become one token."""
    for name in ("spatial_merge_size", "scale_factor", "spatial_pool_stride"):
        if vision.get(name):
            return float(vision[name])
    if vision.get("downsample_ratio"):
        return 1 / float(vision["downsample_ratio"])
    said = source.settings.get("merge_size") or _MERGES.get(source.config["model_type"])
    return float(said or 1)


def _pair(side: Any) -> tuple[int, int]:
    high, wide = side if isinstance(side, list | tuple) else (side, side)
    return int(high), int(wide)
