"""Build: an untrained vtk-tiny, a stock Qwen3-VL of 2 million parameters."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.tiny.films import SIDE
from vtk_notebooks.tiny.words import tokenizer

WIDTH = 160
"""Channels of a video token and of a word."""

SPREAD = 0.05
"""Standard deviation of a word's channels at first."""

PATCH, MERGE, PER = 8, 2, 2
"""Pixels of a patch's side, patches of a token's side, frames of a group."""

SETTINGS = {
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
    "resample": 2,
    "size": {"shortest_edge": SIDE * SIDE, "longest_edge": SIDE * SIDE},
}
"""What its preprocessor_config.json says."""


def build(seed: int = 0) -> tuple[Any, Any]:
    """The model and its tokenizer."""
    from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration

    words = tokenizer()
    number = words.convert_tokens_to_ids
    config = Qwen3VLConfig(
        text_config={
            "vocab_size": len(words),
            "hidden_size": WIDTH,
            "intermediate_size": 256,
            "num_hidden_layers": 4,
            "num_attention_heads": 5,
            "num_key_value_heads": 5,
            "head_dim": 32,
            "initializer_range": SPREAD,
            "max_position_embeddings": 2048,
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 10000.0,
                "mrope_section": [8, 4, 4],
                "mrope_interleaved": True,
            },
            "pad_token_id": words.pad_token_id,
            "eos_token_id": words.eos_token_id,
            "tie_word_embeddings": True,
        },
        vision_config={
            "depth": 3,
            "hidden_size": 128,
            "intermediate_size": 256,
            "num_heads": 4,
            "patch_size": PATCH,
            "spatial_merge_size": MERGE,
            "temporal_patch_size": PER,
            "out_hidden_size": WIDTH,
            "num_position_embeddings": (SIDE // PATCH) ** 2,
            "deepstack_visual_indexes": [],
            "initializer_range": 0.05,
        },
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
        tie_word_embeddings=True,
    )
    with torch.random.fork_rng(devices=[]):  # transformers draws globally
        torch.manual_seed(seed)
        model = Qwen3VLForConditionalGeneration(config)
    _differences(model.model.visual.patch_embed.proj.weight)
    model.generation_config.eos_token_id = words.eos_token_id
    model.generation_config.pad_token_id = words.pad_token_id
    return model, words


@torch.no_grad()
def _differences(weight: Float[Tensor, "d c per p q"]) -> None:
    """Half of the filters see at first what changes from frame to frame, half what stays."""
    half = len(weight) // 2
    weight.mul_(1 / (weight[0].numel() ** 0.5 * weight.std()))
    weight[:half, :, 1] = -weight[:half, :, 0]
    weight[half:, :, 1] = weight[half:, :, 0]
