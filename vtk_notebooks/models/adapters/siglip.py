"""SigLIP: patches and words in one space, by a head that pools with attention.

After "Sigmoid Loss for Language Image Pre-Training" (Zhai et al., 2023, arXiv:2303.15343). A
frame's own vector is what the head makes of all its patches. A patch's is what the same head makes
of that patch alone: where there is one key, attention has no choice, so nothing is approximated.
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


class SigLIP(Adapter):
    """Dual encoder without a class token."""

    model_types: ClassVar[tuple[str, ...]] = ("siglip",)

    def encode(
        self,
        clip: Clip,
        progress: Progress | None = None,
        *,
        level: Literal["patch", "frame"] = "patch",
        batch: int = 8,
    ) -> Tokens:
        """One token per patch, or one per frame."""
        ready = Preparation.of(self.settings, self.model.config.vision_config.image_size)
        side = self.model.config.vision_config.image_size
        side //= self.model.config.vision_config.patch_size

        def look(frames: Any) -> Tensor:
            x = ready(frames).to(self.model.device, self.model.dtype)
            out = self.model.vision_model(pixel_values=x)
            if level == "frame":
                return rearrange(out.pooler_output, "t d -> t 1 1 d")
            alone = rearrange(out.last_hidden_state, "t s d -> (t s) 1 d")
            pooled = self.model.vision_model.head(alone)
            return rearrange(pooled, "(t y x) d -> t y x d", t=len(x), y=side)

        x = in_batches(clip.frames, batch, look, progress)
        _, height, width, _ = clip.frames.shape
        tokens = Tokens.from_grid(x, torch.tensor(clip.times_s), clip.duration_s, space=self.space)
        return ready.seen(tokens, height, width)

    def read(self, text: str) -> Query:
        """The pooled text, padded to full length as the model was trained; its words beside."""
        length = self.model.config.text_config.max_position_embeddings
        ids = self.tokenizer(
            text, padding="max_length", truncation=True, max_length=length, return_tensors="pt"
        )["input_ids"].to(self.model.device)
        with torch.inference_mode():
            out = self.model.text_model(input_ids=ids)
            words = self.model.text_model.head(out.last_hidden_state)[0]
        count = int((ids[0] != self.tokenizer.pad_token_id).sum())
        names = tuple(self.tokenizer.convert_ids_to_tokens(ids[0, :count]))
        vector = out.pooler_output[0].float().cpu()
        return Query(text, vector, words[:count].float().cpu(), names, self.space)
