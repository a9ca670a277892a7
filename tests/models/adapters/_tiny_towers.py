"""Tiny vision towers."""

from pathlib import Path

from ._tiny import PLAIN, VISION, saved


def dinov2(folder: Path) -> Path:
    """DINOv2 on 32 x 32 pixels, 4 x 4 patches."""
    from transformers import Dinov2Config, Dinov2Model

    vision = {k: v for k, v in VISION.items() if k != "intermediate_size"}
    return saved(folder, Dinov2Model, Dinov2Config(**vision), {**PLAIN, "crop_size": None})


def videomae(folder: Path) -> Path:
    """VideoMAE: windows of 4 frames, tubelets of 2."""
    from transformers import VideoMAEConfig, VideoMAEForVideoClassification

    config = VideoMAEConfig(**VISION, num_frames=4, tubelet_size=2)
    return saved(folder, VideoMAEForVideoClassification, config, PLAIN)


def vivit(folder: Path) -> Path:
    """ViViT: windows of 4 frames, tubelets of 2."""
    from transformers import VivitConfig, VivitModel

    vision = {k: v for k, v in VISION.items() if k != "patch_size"}
    config = VivitConfig(**vision, num_frames=4, tubelet_size=[2, 8, 8])
    return saved(folder, VivitModel, config, PLAIN)


def vjepa2(folder: Path) -> Path:
    """V-JEPA 2: windows of 4 frames, tubelets of 2."""
    from transformers import VJEPA2Config, VJEPA2Model

    config = VJEPA2Config(
        patch_size=8, crop_size=32, frames_per_clip=4, tubelet_size=2, hidden_size=48,
        num_attention_heads=4, num_hidden_layers=2, mlp_ratio=2, pred_hidden_size=24,
        pred_num_attention_heads=2, pred_num_hidden_layers=1, pred_num_mask_tokens=2,
        initializer_range=0.3,
    )  # fmt: skip
    return saved(folder, VJEPA2Model, config, PLAIN)


def timesformer(folder: Path) -> Path:
    """TimeSformer: windows of 4 frames."""
    from transformers import TimesformerConfig, TimesformerModel

    return saved(folder, TimesformerModel, TimesformerConfig(**VISION, num_frames=4), PLAIN)
