"""Tiny models of real architectures, built from their configs and saved to disk as real ones are.

Weights are drawn wide (0.3), so that attention is not uniform and a wrong answer shows.
"""

import json
from pathlib import Path
from typing import Any

import torch

SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]
CORPUS = [
    "a man rides a bicycle on the street",
    "a rabbit yawns in the meadow",
    "what happens in this video? user assistant system yes no",
]
TEXT = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "vocab_size": 512,
    "initializer_range": 0.3,
}
VISION = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 32,
    "patch_size": 8,
    "initializer_range": 0.3,
}
PLAIN = {"size": {"height": 32, "width": 32}, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}


def tokenizer(special: tuple[str, ...] = (), **named: str) -> Any:
    """A byte-level BPE of a few hundred pieces."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE(unk_token=None))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=420,
        special_tokens=[*SPECIAL, *special],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(CORPUS, trainer)
    names = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=made, **names, extra_special_tokens=named)


def saved(
    folder: Path, kind: Any, config: Any, settings: dict[str, Any], words: Any = None, seed: int = 0
) -> Path:
    """A model with random weights in a folder, with its preprocessing and its tokenizer."""
    with torch.random.fork_rng(devices=[]):  # transformers draws globally
        torch.manual_seed(seed)
        kind(config).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(settings))
    if words is not None:
        words.save_pretrained(folder)
    return folder


def clip(folder: Path) -> Path:
    """CLIP on 32 x 32 pixels, 4 x 4 patches, 16 shared channels."""
    from transformers import CLIPConfig, CLIPModel

    words = tokenizer()
    text = {**TEXT, "max_position_embeddings": 32, "eos_token_id": 2}
    config = CLIPConfig(text_config=text, vision_config=dict(VISION), projection_dim=16)
    settings = {
        "size": {"shortest_edge": 32},
        "do_center_crop": True,
        "crop_size": {"height": 32, "width": 32},
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
        "resample": 3,
    }
    return saved(folder, CLIPModel, config, settings, words)


def siglip(folder: Path) -> Path:
    """SigLIP on 32 x 32 pixels, 4 x 4 patches, texts of 16 tokens."""
    from transformers import SiglipConfig, SiglipModel

    text = {**TEXT, "max_position_embeddings": 16}
    config = SiglipConfig(text_config=text, vision_config=dict(VISION))
    return saved(folder, SiglipModel, config, PLAIN, tokenizer())


def xclip(folder: Path) -> Path:
    """X-CLIP: windows of 4 frames."""
    from transformers import XCLIPConfig, XCLIPModel

    vision = {
        **VISION, "num_frames": 4, "mit_hidden_size": 16, "mit_intermediate_size": 32,
        "mit_num_hidden_layers": 1, "mit_num_attention_heads": 2,
    }  # fmt: skip
    text = {**TEXT, "max_position_embeddings": 32, "eos_token_id": 2}
    config = XCLIPConfig(
        text_config=text, vision_config=vision, projection_dim=16,
        prompt_num_attention_heads=2, prompt_layers=1,
    )  # fmt: skip
    return saved(folder, XCLIPModel, config, PLAIN, tokenizer())


def tvp(folder: Path) -> Path:
    """TVP: 4 frames of 64 x 64 pixels."""
    from transformers import ResNetConfig, TvpConfig, TvpForVideoGrounding

    made: Any = ResNetConfig
    backbone = made(
        embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="bottleneck",
        out_features=["stage2"],
    )  # fmt: skip
    config = TvpConfig(
        backbone_config=backbone, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
        num_attention_heads=4, vocab_size=512, max_position_embeddings=64, num_frames=4,
        max_img_size=64, visual_prompter_type="framepad", visual_prompt_size=8,
        max_grid_col_position_embeddings=16, max_grid_row_position_embeddings=16,
        initializer_range=0.3,
    )  # fmt: skip
    settings = {
        "size": {"longest_edge": 64}, "pad_size": {"height": 64, "width": 64},
        "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225],
    }  # fmt: skip
    return saved(folder, TvpForVideoGrounding, config, settings, tokenizer())


def llama(folder: Path) -> Path:
    """A plain language model."""
    from transformers import LlamaConfig, LlamaForCausalLM

    return saved(folder, LlamaForCausalLM, LlamaConfig(**TEXT), {}, tokenizer())


def bert(folder: Path) -> Path:
    """A BERT without heads, whose tokenizer puts a mark on either side of a text."""
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertModel

    names = ("num_key_value_heads", "max_position_embeddings")
    text = {k: v for k, v in TEXT.items() if k not in names}
    words = tokenizer()
    marks = [("<s>", 1), ("</s>", 2)]
    words.backend_tokenizer.post_processor = TemplateProcessing("<s> $0 </s>", None, marks)
    return saved(folder, BertModel, BertConfig(**text, max_position_embeddings=64), {}, words)
