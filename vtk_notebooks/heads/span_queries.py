"""Span queries: a fixed set of learnt queries, each of which proposes one span or says none.

After Moment-DETR, "QVHighlights: Detecting Moments and Highlights in Videos via Natural Language
Queries" (Lei et al., 2021, arXiv:2107.09609). As there: a transformer reads [video | text], ten
learnt queries decode it in two layers, a three-layer perceptron with a sigmoid says (centre, width)
and a linear layer says moment or none, after every decoder layer; a linear layer on the encoder's
clips says how salient they are.

What differs: it is small (64 wide instead of 256) and trained in a notebook; one projection serves
video and text and clips are told their cosine with the question
(`blocks.grounding.joint_encoder`); layers are pre-norm; the linear layer on salience also reads
that cosine. Keys carry the sine code of the clip's own time. Each query's look at the clips is
kept, to be drawn.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.intervals import to_ends
from vtk_notebooks.blocks.grounding.joint_encoder import JointEncoder
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.blocks.positions import sinusoids
from vtk_notebooks.registry import register


class Kernel(nn.Module):
    """The trainable part: padded clips and words in, one proposal for each query out.

    As aux: "centre_width" (k b n 2) and "logits" (k b n 2; moment, none) after every layer, and
    "attention" (b n t), the last layer's looks at the clips.
    """

    def __init__(
        self, width: int, hidden: int = 64, queries: int = 10, layers: int = 2, heads: int = 4
    ) -> None:
        super().__init__()
        self.encoder = JointEncoder(width, hidden, layers, heads)
        self.queries = nn.Parameter(torch.randn(queries, hidden))
        self.layers = nn.ModuleList(DecoderLayer(hidden, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(hidden)
        self.span = nn.Sequential(
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU()),
            nn.Linear(hidden, 2),
        )
        self.label = nn.Linear(hidden, 2)
        self.salient = nn.Linear(hidden + 1, 1)

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        read = self.encoder(video, video_mask, text, text_mask)
        centre = (even_clips(video_mask) if clips is None else clips).mean(-1)
        time = sinusoids(100 * centre, read.video.shape[2])
        asked = torch.zeros_like(read.video[:, :1]) + self.queries
        x, spans, logits, look = torch.zeros_like(asked), [], [], asked
        for layer in self.layers:
            x, look = layer(x, asked, read.video, time, ~video_mask)
            spans.append(self.span(self.norm(x)).sigmoid())
            logits.append(self.label(self.norm(x)))
        salient = self.salient(torch.cat([read.video, read.cosine[..., None]], -1))[..., 0]
        aux = {
            "centre_width": torch.stack(spans),
            "logits": torch.stack(logits),
            "attention": look,
        }
        return Grounding(to_ends(spans[-1]), logits[-1].softmax(-1)[..., 0], salient, aux)


class DecoderLayer(nn.Module):
    """Queries hear each other, then look at the clips, then think."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        self.hear = nn.MultiheadAttention(hidden, heads, batch_first=True)
        self.look = nn.MultiheadAttention(hidden, heads, batch_first=True)
        self.think = nn.Sequential(
            nn.Linear(hidden, 2 * hidden), nn.ReLU(), nn.Linear(2 * hidden, hidden)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in range(3))

    def forward(
        self,
        x: Float[Tensor, "b n c"],
        place: Float[Tensor, "b n c"],
        clips: Float[Tensor, "b t c"],
        time: Float[Tensor, "b t c"],
        gone: Bool[Tensor, "b t"],
    ) -> tuple[Float[Tensor, "b n c"], Float[Tensor, "b n t"]]:
        """Queries, and how they looked at the clips.

        Args:
            x: what queries know so far.
            place: which query they are.
            clips: what there is to see.
            time: when.
            gone: clips that do not exist.
        """
        y = self.norms[0](x)
        x = x + self.hear(y + place, y + place, y, need_weights=False)[0]
        y = self.norms[1](x)
        seen, look = self.look(y + place, clips + time, clips, key_padding_mask=gone)
        x = x + seen
        return x + self.think(self.norms[2](x)), look


@register(
    "head",
    "span_queries",
    title="Span queries (Moment-DETR)",
    paper="QVHighlights: Detecting Moments and Highlights in Videos via Natural Language Queries",
    year=2021,
    arxiv="2107.09609",
    atlas=("moment_detr",),
)
@dataclass(frozen=True, eq=False)
class SpanQueries(TrainedHead):
    """A trained set of queries.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU; the paper suppresses none.
        most: moments to answer with.
    """

    overlap: float = 1.0

    network = Kernel
    objectives = ("set_prediction",)
