"""CLIP: patches and words in one space.

After "Learning Transferable Visual Models From Natural Language Supervision" (Radford et al., 2021,
arXiv:2103.00020). A frame's own vector is the class token, normalised and projected. Patches go
through the same normalisation and projection, as MaskCLIP does ("Extract Free Dense Labels from
CLIP", Zhou et al., 2022, arXiv:2112.01071); there the last attention is also left out, here it is
not, so a patch also knows of its frame. `level="frame"` gives the exact vectors, one per frame.
"""

from typing import Any, ClassVar, Literal

import torch
from einops import rearrange
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._adapter import Adapter
from vtk_notebooks.models.frames import Progress, in_batches
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens


class CLIP(Adapter):
    """Dual encoder with a class token."""

    model_types: ClassVar[tuple[str, ...]] = ("clip",)

    def encode(
        self,
        clip: Clip,
        progress: Progress | None = None,
        *,
        level: Literal["patch", "frame"] = "patch",
        batch: int = 8,
    ) -> Tokens:
        """One token per patch of the square that the model sees, or one per frame."""
        ready = Preparation.of(self.settings, self.model.config.vision_config.image_size)

        def look(frames: Any) -> Tensor:
            x = ready(frames).to(self.model.device, self.model.dtype)
            return self._frames(x) if level == "frame" else self._patches(x)

        x = in_batches(clip.frames, batch, look, progress)
        _, height, width, _ = clip.frames.shape
        tokens = Tokens.from_grid(x, torch.tensor(clip.times_s), clip.duration_s, space=self.space)
        return ready.seen(tokens, height, width)

    def read(self, text: str) -> Query:
        """The end-of-text vector, projected; every word through the same projection."""
        model = self.model
        limit = model.config.text_config.max_position_embeddings
        ids = self.tokenizer(text, truncation=True, max_length=limit, return_tensors="pt")
        with torch.inference_mode():
            out = model.text_model(**ids.to(model.device))
            vector = model.text_projection(out.pooler_output)[0]
            words = model.text_projection(out.last_hidden_state)[0]
        names = tuple(self.tokenizer.convert_ids_to_tokens(ids["input_ids"][0]))
        return Query(text, vector.float().cpu(), words.float().cpu(), names, self.space)

    def _patches(self, x: Tensor) -> Tensor:
        vision = self.model.vision_model
        hidden = vision.post_layernorm(vision(pixel_values=x).last_hidden_state[:, 1:])
        side = x.shape[-2] // self.model.config.vision_config.patch_size
        return rearrange(self.model.visual_projection(hidden), "t (y x) d -> t y x d", y=side)

    def _frames(self, x: Tensor) -> Tensor:
        pooled = self.model.vision_model(pixel_values=x).pooler_output
        return rearrange(self.model.visual_projection(pooled), "t d -> t 1 1 d")
