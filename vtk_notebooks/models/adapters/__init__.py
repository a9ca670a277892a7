"""Adapters: one file per architecture, each with answers to the same five questions.

How are frames encoded? How is text? Which token sits at which patch, frame and second? Where do
video tokens enter the language model? What does it answer? `ADAPTERS` finds the file for a
`model_type`, as a model's config gives it; nothing is imported before it is needed. A plain
language model of transformers needs no entry.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.adapters._adapter import Adapter as Adapter
from vtk_notebooks.models.adapters._adapter import Answer as Answer
from vtk_notebooks.models.adapters._adapter import Record as Record
from vtk_notebooks.models.adapters._language import LanguageAdapter as LanguageAdapter
from vtk_notebooks.models.adapters._language import Prompt as Prompt
from vtk_notebooks.models.adapters._patches import grouped as grouped

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
_KEYLESS = ("falcon_mamba", "mamba", "mamba2", "recurrent_gemma", "rwkv", "xlstm")
"""Decoders that carry a state instead of keys and values."""


def adapter_for(model_type: str) -> type[Adapter]:
    """The adapter class of an architecture; any plain language model of transformers has one."""
    if model_type not in ADAPTERS and not _speaks(model_type):
        hint = f"Known: {', '.join(sorted(ADAPTERS))}."
        raise WeightsError("load", "an architecture with an adapter", repr(model_type), hint)
    file, _, name = ADAPTERS.get(model_type, "causal_lm:CausalLM").partition(":")
    return getattr(import_module(f"{__name__}.{file}"), name)


def _speaks(model_type: str) -> bool:
    """Whether transformers knows it as a decoder of text, which sees nothing and keeps keys."""
    from transformers.models.auto import modeling_auto as auto

    others = (
        auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES,
        auto.MODEL_FOR_MASKED_LM_MAPPING_NAMES,
        auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
        auto.MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING_NAMES,
        _KEYLESS,
    )
    made = str(auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.get(model_type, ""))
    speaks = made.endswith("ForCausalLM") or model_type == "gpt2"
    return speaks and not any(model_type in other for other in others)
