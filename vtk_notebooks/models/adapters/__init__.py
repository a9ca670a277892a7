"""Adapters: one file per architecture, each with answers to the same five questions.

How are frames encoded? How is text? Which token sits at which patch, frame and second? Where do
video tokens enter the language model? What does it answer? `ADAPTERS` finds the file for a
`model_type`, as a model's config gives it; nothing is imported before it is needed.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.adapters._adapter import Adapter as Adapter
from vtk_notebooks.models.adapters._adapter import Answer as Answer
from vtk_notebooks.models.adapters._adapter import Record as Record

ADAPTERS: Mapping[str, str] = MappingProxyType(
    {
        "bert": "bert:SentenceBERT",
        "clip": "clip:CLIP",
        "dinov2": "dinov2:Dinov2",
        "dinov2_with_registers": "dinov2:Dinov2",
        "instructblipvideo": "instructblip_video:InstructBlipVideo",
        "internvl": "internvl:InternVL",
        "llama": "causal_lm:CausalLM",
        "llava_next_video": "llava_next_video:LlavaNextVideo",
        "llava_onevision": "llava_onevision:LlavaOneVision",
        "qwen2": "causal_lm:CausalLM",
        "qwen2_5_vl": "qwen2_5_vl:Qwen25VL",
        "qwen2_vl": "qwen2_5_vl:Qwen25VL",
        "qwen3_vl": "qwen3_vl:Qwen3VL",
        "siglip": "siglip:SigLIP",
        "smolvlm": "smolvlm:SmolVLM",
        "timesformer": "timesformer:TimeSformer",
        "tvp": "tvp:TVP",
        "video_llama_3": "video_llama_3:VideoLlama3",
        "video_llava": "video_llava:VideoLlava",
        "videomae": "videomae:VideoMAE",
        "vivit": "vivit:ViViT",
        "vjepa2": "vjepa2:VJEPA2",
        "xclip": "x_clip:XCLIP",
    }
)
"""`model_type` of a config -> "file:Class" in this folder."""


def adapter_for(model_type: str) -> type[Adapter]:
    """The adapter class of an architecture."""
    if model_type not in ADAPTERS:
        hint = f"Known: {', '.join(sorted(ADAPTERS))}."
        raise WeightsError("load", "an architecture with an adapter", repr(model_type), hint)
    file, _, name = ADAPTERS[model_type].partition(":")
    return getattr(import_module(f"{__name__}.{file}"), name)
