"""Streaming EOS: a language model learns to be silent after most frames, and what to say after few.

After LIVE, "VideoLLM-online: Online Video Large Language Model for Streaming Video" (Chen et al.,
2024, arXiv:2406.11816). As in its released code: one cross-entropy over a dialogue beside a film,
laid out as in `blocks.live_stream`; positions of frames, of which only the last one of each frame
has a label, weigh `stream` (1.0), positions of text 1; the sum is divided by the number of labels,
whatever they weigh.

What differs: a batch without any label costs 0, where theirs is 0 / 0. How the paper words the loss
could not be verified beyond what its code does. Data (dialogues written by a language model from
narrations, with replies dropped or faked to make it robust) is not made here.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import cross_entropy

from vtk_notebooks.blocks.live_stream import UNTAUGHT
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register


@register(
    "objective",
    "streaming_eos",
    title="Streaming EOS (LIVE)",
    paper="VideoLLM-online: Online Video Large Language Model for Streaming Video",
    year=2024,
    arxiv="2406.11816",
    atlas=("videollm_online",),
)
@dataclass(frozen=True)
class StreamingEOS:
    """Cross-entropy of decisions after frames and of the words of replies.

    Args:
        stream: how much a decision weighs beside a word.
    """

    stream: float = 1.0

    def __post_init__(self) -> None:
        if not self.stream >= 0:
            raise VtkError("StreamingEOS", "a weight of 0 or more", self.stream)

    @property
    def weights(self) -> dict[str, float]:
        """How much each kind of position counts."""
        return {"stream": self.stream, "words": 1.0}

    def __call__(
        self,
        logits: Float[Tensor, "*b l v"],
        labels: Int[Tensor, "*b l"],
        frames: Bool[Tensor, "*b l"],
    ) -> Float[Tensor, ""]:
        """The loss.

        Args:
            logits: at each position, of the token after it.
            labels: that token, -100 where it is not taught.
            frames: which positions are those of frames.
        """
        flat = cross_entropy(
            logits.flatten(0, -2), labels.flatten(), ignore_index=UNTAUGHT, reduction="none"
        )
        weight = torch.where(frames.flatten(), self.stream, 1.0)
        return (flat * weight).sum() / (labels != UNTAUGHT).sum().clamp_min(1)
