"""Moment map: every stretch of a film is a candidate; the most alike one is the answer.

After "D3G: Exploring Gaussian Prior for Temporal Sentence Grounding with Glance Annotation" (Li et
al., 2023, arXiv:2308.04197). As there: the film becomes n equal parts and a two-dimensional map of
all stretches of them, convolved; a stretch is scored by the cosine of its feature and the
sentence's, in a joint space; overlapping answers are suppressed at an IoU of 0.5. It is trained
with one glance per sentence (`objectives.group_contrastive`); intervals are never looked at.

What differs: it is small (16 parts, 64 wide, one residual convolution that begins at 0), one
projection serves film and sentence, the sentence is pooled by attention instead of read by a
language model, and a stretch is the mean of its parts instead of their maximum.
"""

from dataclasses import dataclass

from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.joint_encoder import AttentivePool
from vtk_notebooks.blocks.grounding.moment_map import as_table, cells, means, shares, spans
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.registry import register


class Kernel(nn.Module):
    """The trainable part: padded clips and words in, one proposal for each stretch out.

    As aux: "parts" (b p d), what was seen, "moments" (b n c) and "text" (b c), what is compared,
    and "map" (b p p), the scores, first part by last part.
    """

    def __init__(self, width: int, hidden: int = 64, parts: int = 16) -> None:
        super().__init__()
        self.parts = parts
        self.project, self.pool = nn.Linear(width, hidden), AttentivePool(hidden)
        self.mix = nn.Conv2d(hidden, hidden, 3, padding=1)
        self.back = nn.Conv2d(hidden, hidden, 1)
        nn.init.zeros_(self.back.weight)

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        clips = even_clips(video_mask) if clips is None else clips
        parts = shares(clips, video_mask, self.parts) @ video
        question = self.pool(self.project(text), text_mask)
        moments = self._moments(self.project(parts))
        alike = cosine_similarity(moments, question[:, None], dim=-1)
        saliency = cosine_similarity(self.project(video), question[:, None], dim=-1)
        scores = (1 + alike).clamp(0, 2) / 2
        aux = {"parts": parts, "moments": moments, "text": question}
        aux["map"] = as_table(alike.detach(), self.parts)
        ends = spans(self.parts).to(video).expand(len(video), -1, 2)
        return Grounding(ends, scores, saliency, aux)

    def _moments(self, parts: Float[Tensor, "b p c"]) -> Float[Tensor, "b n c"]:
        """Features of all stretches, each with what it hears from its neighbours on the map."""
        first, last = cells(self.parts).unbind(1)
        plain = means(parts)
        table = plain.new_zeros(len(plain), plain.shape[2], self.parts, self.parts)
        table[:, :, first, last] = rearrange(plain, "b n c -> b c n")
        heard = self.back(self.mix(table).relu())[:, :, first, last]
        return plain + rearrange(heard, "b c n -> b n c")


@register(
    "head",
    "moment_map",
    title="Moment map (D3G)",
    paper="D3G: Exploring Gaussian Prior for Temporal Sentence Grounding with Glance Annotation",
    year=2023,
    arxiv="2308.04197",
    atlas=("d3g",),
)
@dataclass(frozen=True, eq=False)
class MomentMap(TrainedHead):
    """A trained map of all stretches.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    overlap: float = 0.5

    network = Kernel
    objectives = ("group_contrastive",)
