"""Sentence queries: all sentences ask all frames at once; when is each shown, and is it at all?

After "A Strong Baseline for Temporal Video-Text Alignment" (Li et al., 2023, arXiv:2312.14055). As
there, and in its released code: frames go through a transformer encoder, sentences are the queries
of its decoder, without positions, as their order may be wrong; behind each decoder layer sentences
and frames are projected to 64 channels and compared by cosine over a temperature of 0.07. The frame
a sentence is most like is its time; how alike they are says whether it is shown.

What differs: it is small (64 wide instead of 256), one projection serves sentences and frames, on
either side of the transformer, because tokens and questions here share a space; positions are
scaled by a learned number. Moments are what the curve rises above half way between mean and
maximum; the paper gives times only. While it is trained, each film is asked the other films'
sentences too, so that a sentence learns to stand beside such as are not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding.batch import Batch, Grounding, collate, even_clips
from vtk_notebooks.blocks.grounding.curves import runs_of
from vtk_notebooks.blocks.grounding.joint_encoder import LAYER
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.blocks.positions import sinusoids
from vtk_notebooks.errors import SpaceError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


class Alignment(NamedTuple):
    """When each sentence is shown."""

    similarity: Float[Tensor, "s t"]
    """Cosine of sentences and frames; nan where no token is left."""
    times_s: Float[Tensor, "s"]
    """Middle of the frame that a sentence is most like."""
    alignability: Float[Tensor, "s"]
    """Cosine with that frame: the lower, the less likely it is shown at all."""


class Kernel(nn.Module):
    """The trainable part: padded frames and sentences in, their likeness out.

    As aux: "sentences" (b k c), those of a film's own sentence behind each decoder layer, and
    "frames" (b t c), whose cosine with the last of them is the saliency.
    """

    def __init__(
        self, width: int, hidden: int = 64, layers: int = 3, heads: int = 4, out: int = 64
    ) -> None:
        super().__init__()
        self.project = nn.Linear(width, hidden)
        self.pace, self.gain = (nn.Parameter(torch.tensor(0.1)) for _ in range(2))
        self.encoder = nn.ModuleList(
            nn.TransformerEncoderLayer(hidden, heads, 2 * hidden, **LAYER) for _ in range(layers)
        )
        self.decoder = nn.ModuleList(
            nn.TransformerDecoderLayer(hidden, heads, 2 * hidden, **LAYER) for _ in range(layers)
        )
        self.compare = nn.Linear(hidden, out)

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b s d"],
        text_mask: Bool[Tensor, "b s"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        """What each film's first sentence says; the others stand beside it."""
        if self.training and text.shape[1] == 1:  # then every film is asked everything
            text = rearrange(text, "b 1 d -> 1 b d").expand(len(text), -1, -1)
            text_mask = torch.ones_like(text[..., 0], dtype=torch.bool)
            own = torch.arange(len(text), device=text.device)
        else:
            own = torch.zeros(len(text), dtype=torch.long, device=text.device)
        sentences, frames = self.read(video, video_mask, text, text_mask)
        asked = sentences[:, torch.arange(len(text)), own]
        curve = torch.einsum("k b c, b t c -> k b t", asked, frames)[-1]
        clips = even_clips(video_mask) if clips is None else clips
        spans, scores = runs_of((1 + curve) / 2, video_mask, clips)
        aux = {"sentences": rearrange(asked, "k b c -> b k c"), "frames": frames}
        return Grounding(spans, scores, curve, aux)

    def read(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b s d"],
        text_mask: Bool[Tensor, "b s"],
    ) -> tuple[Float[Tensor, "k b s c"], Float[Tensor, "b t c"]]:
        """Unit vectors of sentences behind each decoder layer, and of frames."""
        place = sinusoids(torch.arange(video.shape[1]).to(video), self.project.out_features)
        seen, said = self.project(video), self.project(text)
        frames, asked = seen + self.pace * place, said
        for encode in self.encoder:
            frames = encode(frames, src_key_padding_mask=~video_mask)
        behind = []
        for decode in self.decoder:
            asked = decode(
                asked,
                frames,
                tgt_key_padding_mask=~text_mask,
                memory_key_padding_mask=~video_mask,
            )
            behind.append(self.compared(said, asked))
        return torch.stack(behind), self.compared(seen, frames)

    def compared(self, before: Float[Tensor, "*b c"], x: Float[Tensor, "*b c"]) -> Tensor:
        """What is compared of vectors, given as they were before the transformer."""
        return normalize(self.compare(before + self.gain * (x - before)), dim=-1)


@register(
    "head",
    "sentence_queries",
    title="Sentences as queries (NSVA)",
    paper="A Strong Baseline for Temporal Video-Text Alignment",
    year=2023,
    arxiv="2312.14055",
    atlas=("temporal_alignment",),
)
@dataclass(frozen=True, eq=False)
class SentenceQueries(TrainedHead):
    """A trained aligner of sentences and frames.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    network = Kernel
    objectives = ("multi_positive_nce",)

    def collate(self, pairs: Sequence[tuple[Tokens, Query]]) -> Batch:
        """Frames and, of each film, one sentence."""
        sentence = torch.stack([normalize(q.vector.float(), dim=-1) for _, q in pairs])[:, None]
        mask = torch.ones_like(sentence[..., 0], dtype=torch.bool)
        return collate(pairs)._replace(text=sentence, text_mask=mask)

    @torch.no_grad()
    def align(self, tokens: Tokens, sentences: Sequence[Query]) -> Alignment:
        """When each of many sentences is shown; their order does not matter.

        Args:
            tokens: of the film.
            sentences: all of them at once; they know of each other.
        """
        for said in sentences:
            if said.space != self.space:
                raise SpaceError("SentenceQueries", f"sentences in {self.space!r}", said.space)
        batch = self.collate([(tokens, said) for said in sentences])
        text = rearrange(batch.text, "s 1 d -> 1 s d")
        kernel: Kernel = self.kernel.to(batch.video.device)  # pyright: ignore
        mask = torch.ones_like(text[..., 0], dtype=torch.bool)
        behind, frames = kernel.read(batch.video[:1], batch.video_mask[:1], text, mask)
        similarity = behind[-1, 0] @ frames[0].T
        seen = tokens.kept().flatten(1).any(1)
        best = similarity.masked_fill(~seen, -torch.inf).max(1)
        middle_s = (tokens.times_s + tokens.ends_s()) / 2
        shown = torch.where(seen, similarity, torch.nan)
        return Alignment(shown, middle_s[best.indices], best.values)
