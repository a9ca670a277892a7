"""SigLIP: patches and words in one space, by a head that pools with attention.

After "Sigmoid Loss for Language Image Pre-Training" (Zhai et al., 2023, arXiv:2303.15343). A
frame's own vector is what the head makes of all its patches. A patch's is what the same head makes
of that patch alone: where there is one key, attention has no choice, so nothing is approximated.
"""

from typing import ClassVar

import torch
from einops import rearrange
from torch import Tensor

from vtk_notebooks.models.adapters.clip import CLIP
from vtk_notebooks.query import Query


class SigLIP(CLIP):
    """Dual encoder without a class token."""

    model_types: ClassVar[tuple[str, ...]] = ("siglip",)

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

    def _patches(self, x: Tensor) -> Tensor:
        vision = self.model.vision_model
        hidden = vision(pixel_values=x).last_hidden_state
        pooled = vision.head(rearrange(hidden, "t s d -> (t s) 1 d"))
        side = x.shape[-2] // self.model.config.vision_config.patch_size
        return rearrange(pooled, "(t y x) d -> t y x d", t=len(x), y=side)

    def _frames(self, x: Tensor) -> Tensor:
        pooled = self.model.vision_model(pixel_values=x).pooler_output
        return rearrange(pooled, "t d -> t 1 1 d")
