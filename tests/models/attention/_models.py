"""A tiny language model, drawn wide, so that attention is not uniform."""

from typing import Any

import torch

IDS = torch.randint(0, 64, (1, 9), generator=torch.Generator().manual_seed(1))


def language(attention: str = "sdpa") -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4,
        num_key_value_heads=2, vocab_size=64, initializer_range=0.3,
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return LlamaForCausalLM._from_config(config, attn_implementation=attention).eval()
