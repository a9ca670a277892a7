"""Prompted span: learnt words before the question, and one span read off the first of them.

After "Text-Visual Prompting for Efficient 2D Temporal Video Grounding" (Zhang et al., 2023,
arXiv:2303.04995). As there: ten learnt prompts stand before the words, a transformer reads prompts,
words and what is seen of the frames together, and two linear layers with a sigmoid say start and
end, as parts of the film; `objectives.tdiou` trains them. The prompts around the frames are
`encoders.pad_prompt`, and the paper's own trained model is `models.adapters.tvp`.

What differs: it is small and trained on features of frames, not together with an encoder; one
projection serves frames and words, and frames are told their cosine with the question; the span is
read off the first prompt; where the end is said before the start they change places. The paper
scores no span; here it is the cosine inside.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.joint_encoder import JointEncoder
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.registry import register


class Kernel(nn.Module):
    """The trainable part: padded clips and words in, one proposal a film out.

    As aux: "ends" (b 2), start and end as they were said.
    """

    def __init__(
        self, width: int, hidden: int = 64, prompts: int = 10, layers: int = 2, heads: int = 4
    ) -> None:
        super().__init__()
        self.prompts = nn.Parameter(torch.randn(prompts, width) * width**-0.5)
        self.encoder = JointEncoder(width, hidden, layers, heads)
        self.norm = nn.LayerNorm(hidden)
        self.ends = nn.Sequential(
            nn.Linear(hidden, 2 * hidden), nn.ReLU(), nn.Linear(2 * hidden, 2), nn.Sigmoid()
        )

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        clips = even_clips(video_mask) if clips is None else clips
        asked = torch.cat([self.prompts.expand(len(text), -1, -1), text], 1)
        prompt = text_mask.new_ones(len(text), len(self.prompts))
        here, own = (torch.cat([p, text_mask], 1) for p in (prompt, ~prompt))
        read = self.encoder(video, video_mask, asked, here, own)
        ends = self.ends(self.norm(read.text[:, 0]))
        span = ends.sort(-1).values
        centre = clips.mean(-1)
        inside = (centre >= span[:, :1]) & (centre <= span[:, 1:]) & video_mask
        cosine = (read.cosine * inside).sum(1) / inside.sum(1).clamp_min(1)
        score = (1 + cosine.clamp(-0.99, 1)) / 2
        return Grounding(span[:, None], score[:, None], read.cosine, {"ends": ends})


@register(
    "head",
    "prompted_span",
    title="Prompted span (TVP)",
    paper="Text-Visual Prompting for Efficient 2D Temporal Video Grounding",
    year=2023,
    arxiv="2303.04995",
    atlas=("tvp",),
)
@dataclass(frozen=True, eq=False)
class PromptedSpan(TrainedHead):
    """A trained span behind learnt prompts; one answer for each film.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    network = Kernel
    objectives = ("tdiou",)
