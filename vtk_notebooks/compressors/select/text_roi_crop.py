"""Text's region of interest: of each frame, the rectangle around what the question is about.

After "Free Video-LLM: Prompt-guided Visual Perception for Efficient Training-free Video LLMs" (Han
et al., 2024, arXiv:2410.10441). As there: no training; of each frame the int(h w ratio) cells with
the highest cosine to the question are found, and a box of round(h sqrt(ratio)) rows and
round(w sqrt(ratio)) columns is centred on their mean place, and moved inside the frame. The paper's
ratio is 0.8.

What differs: nothing that is known; the released code crops after it has halved the frame's width
and then takes rows for columns, see `three_path` for that.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from einops import rearrange

from vtk_notebooks.blocks.relevance import asked, token_relevance
from vtk_notebooks.blocks.windows import box_around, box_size
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "text_roi_crop",
    title="Text's region (Free Video-LLM)",
    paper=(
        "Free Video-LLM: Prompt-guided Visual Perception for Efficient Training-free Video LLMs"
    ),
    year=2024,
    arxiv="2410.10441",
    atlas=("free_video_llm",),
)
@dataclass(frozen=True)
class TextRoICrop:
    """One box of each frame, bit for bit.

    Args:
        ratio: of the box's area to the frame's, in (0, 1].
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = True

    ratio: float = 0.8

    def __post_init__(self) -> None:
        if not 0 < self.ratio <= 1:
            raise VtkError("TextRoICrop", "ratio in (0, 1]", self.ratio, "The paper's is 0.8.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        query = asked("TextRoICrop", query, tokens)
        tokens.on_grid("TextRoICrop")
        t, h, w = tokens.grid
        score = rearrange(token_relevance(tokens, query), "(t h w) -> t h w", t=t, h=h, w=w)
        return tokens.select(box_around(score, self.ratio).flatten().nonzero().squeeze(1))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        tall, wide = box_size(h, w, self.ratio)
        return t * tall * wide, t * tall * wide

    def at(self, keep: float) -> "TextRoICrop":
        """A box of that part of the frame; keep=1 is the identity."""
        return replace(self, ratio=keep)
