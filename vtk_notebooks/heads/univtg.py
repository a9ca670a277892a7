"""UniVTG's head: each clip says if it is foreground, where its moment lies, how salient it is.

After "UniVTG: Towards Unified Video-Language Temporal Grounding" (Lin et al., 2023,
arXiv:2307.16715). As there: a transformer encoder reads [video | text] with type embeddings; f is
three convolutions and a sigmoid; b is three convolutions and a sigmoid, the distances back to the
start and on to the end, from the clip's own time; s is the cosine of the clip and the text pooled
by attention.

What differs: it is small (64 wide and 2 layers deep instead of 1024 and 4), because it is meant to
be trained in a notebook; one projection serves video and text, because tokens and questions here
share a space; the cosine of clip and text is told to the encoder as well, so that after seconds of
training it finds what it was never trained to ask for; the text pooling starts as the mean; clips
are frames, as the means of their tokens. That s compares the projected features, not those behind
the encoder, could not be verified.
"""

from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from vtk_notebooks.arrays import digest
from vtk_notebooks.errors import SpaceError, VtkError, WeightsError
from vtk_notebooks.moment import Moment, without_overlaps
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


class Proposal(NamedTuple):
    """What the kernel says about each clip of a batch."""

    foreground: Float[Tensor, "b t"]
    offset: Float[Tensor, "b t 2"]
    """Start and end, from the clip's own time; parts of the film, in [-1, 0] and [0, 1]."""
    video: Float[Tensor, "b t c"]
    text: Float[Tensor, "b c"]

    def saliency(self) -> Float[Tensor, "b t"]:
        """Cosine of clip and text."""
        return cosine_similarity(self.video, self.text[:, None], dim=-1)


class AttentivePool(nn.Module):
    """Words to one vector, weighted by a softmax of one learned direction."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(width))

    def forward(self, x: Float[Tensor, "b l c"], mask: Bool[Tensor, "b l"]) -> Float[Tensor, "b c"]:
        logits = (x @ self.weight).masked_fill(~mask, -torch.inf)
        return torch.einsum("b l, b l c -> b c", logits.softmax(1), x)


class Convolutions(nn.Module):
    """Three convolutions over time, three clips wide; what is masked counts as silence."""

    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        sizes = pairwise([width, width, width, out])
        self.layers = nn.ModuleList(nn.Conv1d(a, b, 3, padding=1) for a, b in sizes)

    def forward(
        self, x: Float[Tensor, "b t c"], mask: Bool[Tensor, "b t"]
    ) -> Float[Tensor, "b t o"]:
        x = rearrange(x, "b t c -> b c t")
        for i, layer in enumerate(self.layers):
            x = layer((x.relu() if i else x) * mask[:, None])
        return rearrange(x, "b o t -> b t o")


class Kernel(nn.Module):
    """The trainable part, batched: padded clips and words in, a `Proposal` out."""

    def __init__(self, width: int, hidden: int = 64, layers: int = 2, heads: int = 4) -> None:
        super().__init__()
        self.config = {"width": width, "hidden": hidden, "layers": layers, "heads": heads}
        self.project = nn.Linear(width, hidden)
        self.kind = nn.Parameter(torch.randn(3, hidden) * 0.02)  # video, text, match
        layer = nn.TransformerEncoderLayer(
            hidden, heads, 2 * hidden, dropout=0.0, batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.pool = AttentivePool(hidden)
        self.foreground = Convolutions(hidden, 1)
        self.offset = Convolutions(hidden, 2)

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
    ) -> Proposal:
        clips, words = self.project(video), self.project(text)
        pooled = self.pool(words, text_mask)
        time = _sinusoids(video.shape[1], clips.shape[2], clips)
        cosine = cosine_similarity(clips, pooled[:, None], dim=-1)
        told = clips + self.kind[0] + time + cosine[..., None] * self.kind[2]
        both = torch.cat([told, words + self.kind[1]], 1)
        gone = ~torch.cat([video_mask, text_mask], 1)
        mixed = self.encoder(both, src_key_padding_mask=gone)[:, : video.shape[1]]
        foreground = self.foreground(mixed, video_mask)[..., 0].sigmoid()
        offset = self.offset(mixed, video_mask).sigmoid() * mixed.new_tensor([-1, 1])
        return Proposal(foreground * video_mask, offset, clips, pooled)


@register(
    "head",
    "univtg",
    title="UniVTG (f, b, s)",
    paper="UniVTG: Towards Unified Video-Language Temporal Grounding",
    year=2023,
    arxiv="2307.16715",
    atlas=("univtg",),
)
@dataclass(frozen=True, eq=False)
class UniVTG:
    """A trained (f, b, s) head.

    Args:
        file: safetensors that `save` wrote; train one with `training.fit_head`.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    file: str = ""
    overlap: float = 0.7
    most: int = 5

    @classmethod
    def new(cls, space: str, width: int, *, hidden: int = 64, seed: int = 0) -> "UniVTG":
        """An untrained head for tokens of a space.

        Args:
            space: of the tokens' channels and the question.
            width: number of those channels.
            hidden: channels inside.
            seed: of the initial weights.
        """
        head = cls()
        with torch.random.fork_rng(devices=[]):  # nn.Module draws from the global generator
            torch.manual_seed(seed)
            head.__dict__["kernel"] = Kernel(width, hidden).eval()
        head.__dict__["space"] = space
        return head

    def __call__(self, tokens: Tokens, query: Query) -> list[Moment]:
        proposal, seen = self._propose(tokens, query)
        ends_s = tokens.ends_s().double()
        centre, length_s = (tokens.times_s + ends_s) / 2, ends_s[-1].item()
        spans = (centre[:, None] + proposal.offset[0] * length_s).clamp(0, length_s)
        if tokens.duration_s > tokens.times_s[-1]:  # single precision may lie a hair behind it
            spans = spans.clamp_max(tokens.duration_s)
        moments = [
            Moment(start_s, end_s, score, query.text)
            for (start_s, end_s), score in zip(
                spans[seen].tolist(), proposal.foreground[0, seen].tolist(), strict=True
            )
            if end_s - start_s > 1e-6
        ]
        return without_overlaps(moments, self.overlap)[: self.most]

    def saliency(self, tokens: Tokens, query: Query) -> Float[Tensor, "t"]:
        proposal, seen = self._propose(tokens, query)
        return torch.where(seen, proposal.saliency()[0], torch.nan)

    def weights(self) -> str:
        """What the weights are, for the recipe's record."""
        state = self.kernel.state_dict()
        return f"univtg {digest(*[v for _, v in sorted(state.items())])}"

    def save(self, path: str | Path) -> "UniVTG":
        """Write the weights; gives the head that a recipe names by that file."""
        from safetensors.torch import save_file

        meta = {"space": self.space, **{k: str(v) for k, v in self.kernel.config.items()}}
        part = Path(path).with_suffix(".part")
        try:
            save_file(self.kernel.state_dict(), part, meta)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return UniVTG(str(path), self.overlap, self.most)

    @cached_property
    def kernel(self) -> Kernel:
        """The network."""
        return self._loaded[0]

    @cached_property
    def space(self) -> str:
        """The feature space it was trained in."""
        return self._loaded[1]

    @cached_property
    def _loaded(self) -> tuple[Kernel, str]:
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(self.file, "pt") as f:
                meta = dict(f.metadata() or {})
                space = meta.pop("space")
                kernel = Kernel(**{k: int(v) for k, v in meta.items()})
                kernel.load_state_dict({k: f.get_tensor(k) for k in f.keys()})  # noqa: SIM118
        except (OSError, SafetensorError, KeyError, TypeError, RuntimeError) as error:
            hint = "Train with `training.fit_head(UniVTG.new(...), films)`, then `.save(file)`."
            got = repr(self.file) if self.file else "none"
            raise WeightsError("UniVTG", "a file of trained weights", got, hint) from error
        return kernel.eval(), space

    @torch.no_grad()
    def _propose(self, tokens: Tokens, query: Query) -> tuple[Proposal, Bool[Tensor, "t"]]:
        if query.space != self.space:
            hint = "Ask with the encoder it was trained on."
            raise SpaceError("UniVTG", f"a question in {self.space!r}", query.space, hint)
        batch = collate([(tokens, query)])
        kernel = self.kernel.to(batch.video.device)
        return kernel(*batch), tokens.kept().flatten(1).any(1)


class Batch(NamedTuple):
    """Padded films and questions, as the kernel takes them."""

    video: Float[Tensor, "b t d"]
    video_mask: Bool[Tensor, "b t"]
    text: Float[Tensor, "b l d"]
    text_mask: Bool[Tensor, "b l"]


def collate(pairs: list[tuple[Tokens, Query]]) -> Batch:
    """Frames and words of several films as unit vectors, padded."""
    if not pairs:
        raise VtkError("collate", "one or more films", "none")
    frames = [_frames(tokens, query.space) for tokens, query in pairs]
    words = [nn.functional.normalize(query.words.float(), dim=-1) for _, query in pairs]
    pad = partial(nn.utils.rnn.pad_sequence, batch_first=True)
    here, said = ([x.new_ones(len(x)).bool() for x in rows] for rows in (frames, words))
    return Batch(pad(frames), pad(here), pad(words), pad(said))


def _frames(tokens: Tokens, space: str) -> Float[Tensor, "t d"]:
    """Unit mean of each frame's tokens; a frame without any borrows its nearest neighbour's."""
    token, cell = tokens.edges.unbind(1)
    t, h, w = tokens.grid
    weight = tokens.share.new_zeros(t, len(tokens))
    weight = weight.index_put((cell // (h * w), token), tokens.share, accumulate=True)
    number = torch.arange(t, device=weight.device)
    away = (number[:, None] - number).abs().masked_fill(weight.sum(1) == 0, t)
    mean = weight[away.argmin(1)] @ tokens.part(space).to(weight.dtype)
    return nn.functional.normalize(mean, dim=-1).float()


def _sinusoids(t: int, width: int, like: Tensor) -> Float[Tensor, "t c"]:
    """Sines and cosines of the clip's number, at falling frequencies."""
    rate = 10_000 ** (-torch.arange(0, width, 2).to(like) / width)
    angle = torch.arange(t).to(like)[:, None] * rate
    return torch.cat([angle.sin(), angle.cos()], 1)[:, :width]
