"""Tiny models that read video tokens between words."""

from pathlib import Path
from typing import Any

from ._tiny import PLAIN, TEXT, VISION, saved, tokenizer

CLIP_VISION = {"model_type": "clip_vision_model", **VISION}
VIDEO = (
    "<image>",
    "<video>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
TURN = ("<|im_start|>", "<|im_end|>")


def llava_onevision(folder: Path) -> Path:
    """LLaVA-OneVision on 32 x 32 pixels, 4 x 4 patches, pooled to 2 x 2."""
    from transformers import LlavaOnevisionConfig, LlavaOnevisionForConditionalGeneration

    words = tokenizer((*VIDEO, *TURN), video_token="<video>", image_token="<image>")
    image, video = words.convert_tokens_to_ids(["<image>", "<video>"])
    config = LlavaOnevisionConfig(
        vision_config={"model_type": "siglip_vision_model", **VISION},
        text_config={"model_type": "qwen2", **TEXT},
        image_token_index=image,
        video_token_index=video,
        image_grid_pinpoints=[[32, 32]],
        vision_feature_select_strategy="full",
    )
    settings = {
        "size": {"height": 32, "width": 32},
        "image_mean": [0.5] * 3,
        "image_std": [0.5] * 3,
    }
    return saved(folder, LlavaOnevisionForConditionalGeneration, config, settings, words)


def qwen2_5_vl(folder: Path, old: bool = False) -> Path:
    """Qwen2.5-VL (or Qwen2-VL): patches of 14 pixels and 2 frames, merged 2 x 2."""
    import transformers

    words = tokenizer((*VIDEO, *TURN), video_token="<|video_pad|>", image_token="<|image_pad|>")
    names = ("<|vision_start|>", "<|image_pad|>", "<|video_pad|>")
    keys = ("vision_start_token_id", "image_token_id", "video_token_id")
    ids = dict(zip(keys, words.convert_tokens_to_ids(list(names)), strict=True))
    vision: dict[str, Any] = {
        "depth": 2, "in_channels": 3, "patch_size": 14, "spatial_merge_size": 2,
        "temporal_patch_size": 2, "hidden_size": 32, "num_heads": 4, "initializer_range": 0.3,
    }  # fmt: skip
    if old:
        vision |= {"embed_dim": 32, "mlp_ratio": 2}
    else:
        vision |= {"out_hidden_size": 32, "intermediate_size": 48, "window_size": 56}
        vision |= {"fullatt_block_indexes": [1], "tokens_per_second": 2}
    rope = {"rope_type": "default", "mrope_section": [2, 1, 1], "rope_theta": 10000.0}
    name = "Qwen2VL" if old else "Qwen2_5_VL"
    config = getattr(transformers, f"{name}Config")(
        text_config={**TEXT, "rope_parameters": rope}, vision_config=vision, **ids
    )
    settings = {
        "size": {"shortest_edge": 28 * 28, "longest_edge": 28 * 28 * 16},
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
    }
    kind = getattr(transformers, f"{name}ForConditionalGeneration")
    return saved(folder, kind, config, settings, words)


def llava_next_video(folder: Path) -> Path:
    """LLaVA-NeXT-Video on 32 x 32 pixels, 4 x 4 patches, pooled to 2 x 2."""
    from transformers import LlavaNextVideoConfig, LlavaNextVideoForConditionalGeneration

    words = tokenizer(VIDEO, video_token="<video>", image_token="<image>")
    image, video = words.convert_tokens_to_ids(["<image>", "<video>"])
    config = LlavaNextVideoConfig(
        vision_config=dict(CLIP_VISION),
        text_config={"model_type": "llama", **TEXT},
        image_token_index=image,
        video_token_index=video,
        image_grid_pinpoints=[[32, 32]],
        spatial_pool_stride=2,
    )
    return saved(folder, LlavaNextVideoForConditionalGeneration, config, PLAIN, words)


def video_llava(folder: Path) -> Path:
    """Video-LLaVA on 32 x 32 pixels: 16 patches and a class token for each frame."""
    from transformers import VideoLlavaConfig, VideoLlavaForConditionalGeneration

    words = tokenizer(VIDEO)
    image, video = words.convert_tokens_to_ids(["<image>", "<video>"])
    config = VideoLlavaConfig(
        vision_config=dict(CLIP_VISION),
        text_config={"model_type": "llama", **TEXT},
        image_token_index=image,
        video_token_index=video,
        image_seq_length=16,
        video_seq_length=17 * 8,
    )
    return saved(folder, VideoLlavaForConditionalGeneration, config, PLAIN, words)


def internvl(folder: Path) -> Path:
    """InternVL on 32 x 32 pixels, 4 x 4 patches, shuffled to 2 x 2."""
    from transformers import InternVLConfig, InternVLForConditionalGeneration

    words = tokenizer(("<video>", "<img>", "</img>", "<IMG_CONTEXT>", *TURN))
    vision = {**VISION, "image_size": [32, 32], "patch_size": [8, 8]}
    config = InternVLConfig(
        vision_config=vision,
        text_config={"model_type": "qwen2", **TEXT},
        image_token_id=words.convert_tokens_to_ids("<IMG_CONTEXT>"),
        downsample_ratio=0.5,
    )
    return saved(folder, InternVLForConditionalGeneration, config, PLAIN, words)


def smolvlm(folder: Path) -> Path:
    """SmolVLM on 32 x 32 pixels, 4 x 4 patches, shuffled to 2 x 2."""
    from transformers import SmolVLMConfig, SmolVLMForConditionalGeneration

    special = ("<video>", "<image>", "<fake_token_around_image>", "<global-img>")
    words = tokenizer((*special, "<end_of_utterance>"))
    config = SmolVLMConfig(
        vision_config=dict(VISION),
        text_config={"model_type": "llama", **TEXT},
        image_token_id=words.convert_tokens_to_ids("<image>"),
        scale_factor=2,
    )
    settings = {**PLAIN, "size": {"longest_edge": 64}, "max_image_size": {"longest_edge": 32}}
    return saved(folder, SmolVLMForConditionalGeneration, config, settings, words)


def qwen3_vl(folder: Path) -> Path:
    """Qwen3-VL: patches of 16 pixels and 2 frames, merged 2 x 2, with one more level."""
    from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration

    words = tokenizer((*VIDEO, *TURN), video_token="<|video_pad|>", image_token="<|image_pad|>")
    names = ["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
    keys = ("vision_start_token_id", "vision_end_token_id", "image_token_id", "video_token_id")
    rope = {"rope_type": "default", "mrope_section": [2, 1, 1], "rope_theta": 10000.0}
    text = {**TEXT, "head_dim": 8, "rope_parameters": {**rope, "mrope_interleaved": True}}
    vision = {
        "depth": 2, "in_channels": 3, "patch_size": 16, "spatial_merge_size": 2,
        "temporal_patch_size": 2, "hidden_size": 32, "out_hidden_size": 32, "num_heads": 4,
        "intermediate_size": 48, "num_position_embeddings": 64, "deepstack_visual_indexes": [0],
        "initializer_range": 0.3,
    }  # fmt: skip
    ids = dict(zip(keys, words.convert_tokens_to_ids(names), strict=True))
    config = Qwen3VLConfig(text_config=text, vision_config=vision, **ids)
    settings = {**PLAIN, "size": {"shortest_edge": 32 * 32, "longest_edge": 32 * 32 * 16}}
    return saved(folder, Qwen3VLForConditionalGeneration, config, settings, words)


def video_llama_3(folder: Path) -> Path:
    """VideoLLaMA3: patches of 14 pixels, merged 2 x 2."""
    from transformers import VideoLlama3Config, VideoLlama3ForConditionalGeneration

    words = tokenizer((*VIDEO, *TURN))
    image, video = words.convert_tokens_to_ids(["<image>", "<video>"])
    vision = {k: v for k, v in VISION.items() if k != "image_size"}
    config = VideoLlama3Config(
        vision_config={**vision, "patch_size": 14},
        text_config={"model_type": "qwen2", **TEXT},
        image_token_id=image,
        video_token_id=video,
    )
    settings = {**PLAIN, "size": {"shortest_edge": 28 * 28, "longest_edge": 28 * 28 * 16}}
    return saved(folder, VideoLlama3ForConditionalGeneration, config, settings, words)


def instructblip_video(folder: Path) -> Path:
    """InstructBLIP-Video: four queries a frame."""
    from transformers import InstructBlipVideoConfig, InstructBlipVideoForConditionalGeneration

    words = tokenizer(("<video>",))
    former = {
        "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
        "num_attention_heads": 4, "encoder_hidden_size": 32, "vocab_size": 512,
        "initializer_range": 0.3,
    }  # fmt: skip
    text = {
        "model_type": "opt", "hidden_size": 32, "ffn_dim": 48, "num_hidden_layers": 2,
        "num_attention_heads": 4, "vocab_size": 512, "max_position_embeddings": 256,
        "word_embed_proj_dim": 32, "init_std": 0.3,
    }  # fmt: skip
    config = InstructBlipVideoConfig(
        vision_config=dict(VISION),
        qformer_config=former,
        text_config=text,
        num_query_tokens=4,
        video_token_index=words.convert_tokens_to_ids("<video>"),
    )
    saved(folder, InstructBlipVideoForConditionalGeneration, config, PLAIN, words)
    tokenizer().save_pretrained(folder / "qformer_tokenizer")
    return folder
