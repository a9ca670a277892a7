"""Joint encoder: clips and words read each other in one transformer, as grounding heads begin.

[video | text] with an embedding of each kind, as in Moment-DETR and UniVTG. Ours besides, for
heads that are trained in a notebook: one projection serves both, because tokens and questions here
share a space; and each clip is told its cosine with the question, so that after seconds of training
a head finds what it was never trained to ask for.
"""

from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from vtk_notebooks.blocks.positions import sinusoids

LAYER: dict[str, Any] = {"dropout": 0.0, "batch_first": True, "norm_first": True}
"""How small heads set their transformers' layers, which are twice as wide inside."""


class Read(NamedTuple):
    """What comes of a batch."""

    video: Float[Tensor, "b t c"]
    """Clips behind the transformer."""
    text: Float[Tensor, "b l c"]
    """Words behind the transformer."""
    clips: Float[Tensor, "b t c"]
    """Clips before it."""
    pooled: Float[Tensor, "b c"]
    """The question before it."""
    cosine: Float[Tensor, "b t"]
    """Of the last two."""


class AttentivePool(nn.Module):
    """Words to one vector, weighted by a softmax of one learned direction; at first the mean."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(width))

    def forward(self, x: Float[Tensor, "b l c"], mask: Bool[Tensor, "b l"]) -> Float[Tensor, "b c"]:
        logits = (x @ self.weight).masked_fill(~mask, -torch.inf)
        return torch.einsum("b l, b l c -> b c", logits.softmax(1), x)


class JointEncoder(nn.Module):
    """Padded clips and words, projected and read together; what is masked is not there.

    Args:
        width: channels of a clip and a word.
        hidden: channels inside.
        layers: of the transformer.
        heads: of its attention.
    """

    def __init__(self, width: int, hidden: int = 64, layers: int = 2, heads: int = 4) -> None:
        super().__init__()
        self.project = nn.Linear(width, hidden)
        loud = torch.tensor([0.02, 0.02, 1.0])[:, None]  # a match must be heard from the start
        self.kind = nn.Parameter(torch.randn(3, hidden) * loud)  # video, text, match
        layer = nn.TransformerEncoderLayer(hidden, heads, 2 * hidden, **LAYER)
        self.transformer = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.pool = AttentivePool(hidden)

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        asked: Bool[Tensor, "b l"] | None = None,
    ) -> Read:
        """Clips and words that heard each other.

        Args:
            video: clips.
            video_mask: clips that exist.
            text: words.
            text_mask: words that exist.
            asked: words that are the question; all of them by default.
        """
        clips, words = self.project(video), self.project(text)
        pooled = self.pool(words, text_mask if asked is None else asked)
        time = sinusoids(torch.arange(clips.shape[1]).to(clips), clips.shape[2])
        cosine = cosine_similarity(clips, pooled[:, None], dim=-1)
        told = clips + self.kind[0] + time + cosine[..., None] * self.kind[2]
        both = torch.cat([told, words + self.kind[1]], 1)
        gone = ~torch.cat([video_mask, text_mask], 1)
        seen, said = self.transformer(both, src_key_padding_mask=gone).split(
            [video.shape[1], text.shape[1]], 1
        )
        return Read(seen, said, clips, pooled, cosine)
