"""Prefix: media look at media, text at all media and at the text before it, media never at text.

After "Fine-grained Audible Video Description" (Shen et al., 2023, arXiv:2303.15616), whose
captioner reads frames and sound as one bidirectional prefix and writes text behind it, causally. So
text is written as by a language model, and what was seen does not depend on what is said of it: a
caption can be cut off, or another one written, without touching the prefix.

The table was read from the released code, which calls it `default`; there text stands before media,
which changes nothing. What differs: frames and sound are one run of media tokens, t h w in number,
or t 1 1 where there is only sound. The release's two other tables are not here: media that also
look at text, and media that only look back.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool
from torch import Tensor

from vtk_notebooks.registry import register


@register(
    "pattern",
    "prefix_lm",
    title="Prefix LM",
    paper="Fine-grained Audible Video Description",
    year=2023,
    arxiv="2303.15616",
    atlas=("favd",),
)
@dataclass(frozen=True)
class PrefixLM:
    """Media both ways, then text one way."""

    def __call__(self, grid: tuple[int, int, int], n_text: int = 0) -> Bool[Tensor, "n n"]:
        """True where the token of that row may look at the token of that column."""
        t, h, w = grid
        place = torch.arange(t * h * w + n_text)
        media = place < t * h * w
        return media | (place[:, None] >= place)

    @classmethod
    def example(cls) -> tuple[tuple[int, int, int], int]:
        """Two frames of one token each, and three words."""
        return (2, 1, 1), 3
