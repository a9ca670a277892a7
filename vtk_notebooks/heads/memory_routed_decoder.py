"""Memory-routed decoder: what was written so far steers where the next word looks.

After "Hybrid Reasoning Network for Video-based Commonsense Captioning" (Yu et al., 2021,
arXiv:2108.02365). As in its released code: there is a decoder for each kind of sentence (what
happens, why, to what effect, what it says of who did it), all with the same words; those of
commonsense also look at what the caption's decoder holds. A relational memory hears of each word,
and asks in every attention beside the word itself: its logits, smoothed by a convolution over the
map of the heads that is shifted so as not to see ahead (a tenth), count for 0.4 beside the word's
own 0.6, and a tenth of the logits is the map of the layer before. With a route and a carry of 0
this is plain attention.

What differs: it is small; frames are the only kind of feature, one GRU reads them, and they stay as
they are beside it; the vocabulary is the different words of a batch, as vectors, and queries and
keys start out alike, because words and frames share a space here; a gap parts frames and caption,
so that the convolution hears no padding. The paper only writes. Here a question is of no kind, so
it is read as each of them, and where its words look, on average, is when it happens; the loss asks
for that (`objectives.commonsense_captions`), as no sentence would in seconds. Kept as released: the
map of the layer before is a softmax where logits are awaited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
from einops import rearrange, repeat
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.curves import runs_of
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.blocks.grounding.vocabulary import vocabulary
from vtk_notebooks.blocks.positions import sinusoids
from vtk_notebooks.blocks.relational_memory import RelationalMemory
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


class Route(NamedTuple):
    """How much counts in an attention's logits, from 0 to 1.

    Args:
        memory: what the memory asks, beside the word.
        smooth: its map when smoothed, beside as it is.
        before: the map of the layer before, beside this one.
    """

    memory: float = 0.4
    smooth: float = 0.1
    before: float = 0.1


class MemoryRoutedAttention(nn.Module):
    """Attention in which a memory asks beside each word.

    Args:
        d: channels.
        heads: of the attention; they divide d.
        memory: channels of the memory.
        ahead: the map is shifted along what is seen, too: that is the words themselves.
        route: how much counts.
    """

    def __init__(self, d: int, heads: int, memory: int, ahead: bool, route: Route) -> None:
        super().__init__()
        self.ask, self.key, self.value, self.out = (nn.Linear(d, d) for _ in range(4))
        self.key.load_state_dict(self.ask.state_dict())
        self.recall = nn.Linear(memory, d)
        self.smooth = nn.Conv2d(heads, heads, 3, padding=1, bias=False)
        self.heads, self.ahead, self.route = heads, ahead, route

    def forward(
        self,
        x: Float[Tensor, "b l d"],
        memory: Float[Tensor, "b l m"],
        seen: Float[Tensor, "b n d"],
        there: Bool[Tensor, "b l n"],
        before: Float[Tensor, "b h l n"] | None = None,
    ) -> tuple[Float[Tensor, "b l d"], Float[Tensor, "b h l n"]]:
        """What each word is told, and the share of what it looks at.

        Args:
            x: words.
            memory: after each of them.
            seen: to look at.
            there: what each word may look at.
            before: the shares in the layer before.
        """
        parts = self.ask(x), self.recall(memory), self.key(seen), self.value(seen)
        q, m, k, v = (rearrange(y, "b n (h c) -> b h n c", h=self.heads) for y in parts)
        own, recalled = (y @ k.mT / k.shape[-1] ** 0.5 for y in (q, m))
        route, there = self.route, there[:, None]
        smooth = self.smoothed(recalled, there)
        logits = own.lerp(recalled.lerp(smooth, route.smooth), route.memory)
        logits = logits if before is None else logits.lerp(before, route.before)
        share = logits.masked_fill(~there, -torch.inf).softmax(-1)
        return self.out(rearrange(share @ v, "b h l c -> b l (h c)")), share

    def smoothed(
        self, logits: Float[Tensor, "b h l n"], there: Bool[Tensor, "b 1 l n"]
    ) -> Float[Tensor, "b h l n"]:
        """A map of the heads through a convolution, one word later so that it sees none ahead."""
        through, out = self.smooth(logits.masked_fill(~there, 0)).relu(), logits.clone()
        if self.ahead:
            out[..., 1:, 1:] = through[..., :-1, :-1]
        else:
            out[..., 1:, :] = through[..., :-1, :]
        return out


class Layer(nn.Module):
    """Words hear each other, then look, then think; norms come last, as released."""

    def __init__(self, d: int, heads: int, memory: int, route: Route) -> None:
        super().__init__()
        self.hear = MemoryRoutedAttention(d, heads, memory, True, route)
        self.look = MemoryRoutedAttention(d, heads, memory, False, route)
        self.think = nn.Sequential(nn.Linear(d, 2 * d), nn.ReLU(), nn.Linear(2 * d, d))
        self.norm_heard, self.norm_seen, self.norm = (nn.LayerNorm(d) for _ in range(3))

    def forward(self, x: Float[Tensor, "b l d"]) -> Float[Tensor, "b l d"]:
        """What becomes of words that were told what they heard and saw."""
        x = self.norm_seen(x)
        return self.norm(x + self.think(x))


class Decoder(nn.Module):
    """Words so far to states from which the next one is said, for one kind of sentence."""

    def __init__(self, d: int, layers: int, heads: int, slots: int, route: Route) -> None:
        super().__init__()
        self.begin = nn.Parameter(torch.randn(d))
        self.memory = RelationalMemory(d, slots, heads)
        self.layers = nn.ModuleList(Layer(d, heads, slots * d, route) for _ in range(layers))

    def forward(
        self,
        words: Float[Tensor, "b l d"],
        said: Bool[Tensor, "b l"],
        seen: Float[Tensor, "b n d"],
        there: Bool[Tensor, "b n"],
    ) -> tuple[Float[Tensor, "b m d"], Float[Tensor, "b h m n"]]:
        """States before the first word and after each, and what they look at in the last layer."""
        x = torch.cat([self.begin.expand(len(words), 1, -1), words], 1)
        x = x + 0.3 * sinusoids(torch.arange(x.shape[1]).to(x), x.shape[2])
        memory, number = self.memory(x), torch.arange(x.shape[1], device=x.device)
        heard = torch.cat([torch.ones_like(said[:, :1]), said], 1)[:, None]
        heard = heard & (number <= number[:, None])
        in_view = repeat(there, "b n -> b m n", m=x.shape[1])
        hears, looks = None, None
        for layer in self.layers:
            told, hears = cast(Layer, layer).hear(x, memory, x, heard, hears)
            x = cast(Layer, layer).norm_heard(x + told)
            told, looks = cast(Layer, layer).look(x, memory, seen, in_view, looks)
            x = cast(Layer, layer)(x + told)
        return x, looks  # pyright: ignore


class Kernel(nn.Module):
    """The trainable part: padded frames and words in, where the words look out.

    As aux, for k kinds of sentences: "logits" (b k l v) of the batch's different words, "words" and
    "said" (b k l), the right ones and whether there is one, "looks" (b k l t), the share of each
    frame in what a word looks at once it is said.
    """

    def __init__(
        self,
        width: int,
        hidden: int = 64,
        layers: int = 2,
        heads: int = 4,
        slots: int = 3,
        kinds: int = 4,
        route: Sequence[float] = Route(),
    ) -> None:
        super().__init__()
        self.project, self.compare = nn.Linear(width, hidden), nn.Linear(hidden, hidden)
        self.read = nn.GRU(hidden, hidden, batch_first=True)
        made = (Decoder(hidden, layers, heads, slots, Route(*route)) for _ in range(kinds))
        self.decoders = nn.ModuleList(made)

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        k = len(self.decoders)
        said = repeat(text_mask, "b l -> b k l", k=k)
        aux = self.written(video, video_mask, repeat(text, "b l d -> b k l d", k=k), said)
        share = (aux["looks"] * said[..., None]).sum((1, 2)) / said.sum((1, 2))[:, None]
        odds = share * video_mask.sum(1, keepdim=True)  # 1 where it looks as it does on average
        curve = odds / (1 + odds)
        clips = even_clips(video_mask) if clips is None else clips
        spans, scores = runs_of(curve, video_mask, clips, level=0.3)
        return Grounding(spans, scores.clamp(0, 1), curve, aux)

    def written(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b k l d"],
        said: Bool[Tensor, "b k l"],
    ) -> dict[str, Tensor]:
        """What is said of sentences of every kind, the first kind being the caption."""
        number, first = vocabulary(text.flatten(1, 2), said.flatten(1))
        every = self.embedded(text.flatten(0, 2)[first])
        states, looks = self.states(self.seen(video), video_mask, self.embedded(text), said)
        logits = self.compare(states[:, :, :-1]) @ every.T / every.shape[1] ** 0.5
        return {"logits": logits, "words": number.view_as(said), "said": said, "looks": looks}

    def embedded(self, x: Float[Tensor, "*b d"]) -> Float[Tensor, "*b c"]:
        """Frames or words, as loud as a norm leaves them."""
        x = self.project(x)
        return normalize(x, dim=-1) * x.shape[-1] ** 0.5

    def seen(self, video: Float[Tensor, "b t d"]) -> Float[Tensor, "b t c"]:
        """Frames that know of those before."""
        x = self.embedded(video)
        return x + self.read(x)[0]

    def states(
        self,
        frames: Float[Tensor, "b t c"],
        there: Bool[Tensor, "b t"],
        words: Float[Tensor, "b k l c"],
        said: Bool[Tensor, "b k l"],
    ) -> tuple[Float[Tensor, "b k m c"], Float[Tensor, "b k l t"]]:
        """States of every kind before the first word and after each, and where those look."""
        t, states, looks, seen = frames.shape[1], [], [], frames
        for k, decoder in enumerate(self.decoders):
            state, look = decoder(words[:, k], said[:, k], seen, there)
            if k == 0:  # commonsense looks at the caption, too; a gap keeps padding unheard
                gap, begun = torch.zeros_like(state[:, :1]), torch.ones_like(said[:, 0, :1])
                seen = torch.cat([frames, gap, state], 1)
                there = torch.cat([there, ~begun, begun, said[:, 0]], 1)
            look = look[:, :, 1:, :t].mean(1)
            states.append(state)
            looks.append(look / look.sum(-1, keepdim=True).clamp_min(1e-9))
        return torch.stack(states, 1), torch.stack(looks, 1)


@register(
    "head",
    "memory_routed_decoder",
    title="Memory-routed decoder (HybridNet)",
    paper="Hybrid Reasoning Network for Video-based Commonsense Captioning",
    year=2021,
    arxiv="2108.02365",
    atlas=("hybridnet",),
)
@dataclass(frozen=True, eq=False)
class MemoryRoutedDecoder(TrainedHead):
    """A captioner of four kinds of sentences whose words say when.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    network = Kernel
    objectives = ("commonsense_captions",)

    @torch.no_grad()
    def tell(self, tokens: Tokens, words: Query, length: int) -> list[list[str]]:
        """A sentence of every kind, the most probable word at a time.

        Args:
            tokens: of the film.
            words: those there are to choose from.
            length: of each sentence, in words.
        """
        batch, kernel = self.collate([(tokens, words)]), cast(Kernel, self.kernel)
        every, frames = kernel.embedded(batch.text[0]), kernel.seen(batch.video)
        chosen = torch.zeros(1, len(kernel.decoders), length, dtype=torch.long)
        said = torch.ones_like(chosen, dtype=torch.bool)
        for kinds in (slice(1), slice(1, None)):  # the caption is whole before others look at it
            for at in range(length):
                states, _ = kernel.states(frames, batch.video_mask, every[chosen], said)
                likely = kernel.compare(states[:, kinds, at]) @ every.T
                chosen[:, kinds, at] = likely.argmax(-1)
        return [[words.tokens[i] for i in row] for row in chosen[0].tolist()]
