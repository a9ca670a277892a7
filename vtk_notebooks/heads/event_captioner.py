"""Event captioner: picture with common sense, sound and speech are told apart, then told together.

After "iPerceive: Applying Common-Sense Reasoning to Multi-Modal Dense Video Captioning and Video
Question Answering" (Chadha et al., 2020, arXiv:2011.07735). As there: the causal features of
what is seen (`blocks.intervention`) stand beside the features of the picture; picture, sound and
speech each have an encoder and a decoder's attention of their own, and what a word hears of them is
fused before the next one is said.

What differs: the abstract, a figure's caption and the beginning were read, details of layers were
not. It is small: one layer, one head of attention. Causal features are of clips, not of detected
objects, and their dictionary is learnt along. The vocabulary is the different words of a batch, as
vectors, in the space of the clips; speech is words likewise, and sound as wide as they are. A
modality that is absent is a learned silence. The paper proposes events by a network of its own;
here a question is read as a caption, and where its words look in the picture is when it happens;
the loss asks for that (`objectives.event_captions`). Video question answering is not built.
"""

from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import normalize, pad

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.curves import runs_of
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.blocks.grounding.vocabulary import vocabulary
from vtk_notebooks.blocks.intervention import Commonsense
from vtk_notebooks.blocks.positions import sinusoids
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


class Heard(NamedTuple):
    """One modality of a batch: features, and which of them exist."""

    x: Float[Tensor, "b n d"]
    there: Bool[Tensor, "b n"]


class Attention(nn.Module):
    """One head of attention whose queries and keys start out alike."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.ask, self.key, self.value, self.out = (nn.Linear(d, d) for _ in range(4))
        self.key.load_state_dict(self.ask.state_dict())

    def forward(
        self, x: Float[Tensor, "b l d"], seen: Float[Tensor, "b n d"], there: Bool[Tensor, "b #l n"]
    ) -> tuple[Float[Tensor, "b l d"], Float[Tensor, "b l n"]]:
        """What each is told, and the share of what it looks at."""
        logits = self.ask(x) @ self.key(seen).mT / x.shape[-1] ** 0.5
        share = logits.masked_fill(~there, -torch.inf).softmax(-1)
        return self.out(share @ self.value(seen)), share


class Encoder(nn.Module):
    """Clips of one modality hear each other, then think."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.attend, self.norm = Attention(d), nn.LayerNorm(d)
        self.think = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d))

    def forward(
        self, x: Float[Tensor, "b n d"], there: Bool[Tensor, "b n"]
    ) -> Float[Tensor, "b n d"]:
        x = x + self.attend(x, x, there[:, None])[0]
        return x + self.think(self.norm(x))


class Kernel(nn.Module):
    """The trainable part: padded clips and words in, where the words look out.

    As aux: "logits" (b l v) of the batch's different words, "words" and "said" (b l), "looks" (b l
    t), the share of each clip in what a word looks at once it is said; of the causal features "own"
    and "context" (b t z), logits of dictionary entries, "classes" and "away" (b t), the nearest
    entry and how far it is, and "log_odds" (z), of the prior.
    """

    def __init__(self, width: int, hidden: int = 64, entries: int = 8) -> None:
        super().__init__()
        self.project, self.hear = nn.Linear(width, hidden), nn.Linear(width, hidden)
        self.commonsense = Commonsense(width, entries)
        self.join = nn.Linear(hidden + width, hidden)
        self.begin, self.silence, self.unspoken = (
            nn.Parameter(torch.randn(hidden)) for _ in range(3)
        )
        self.encoders = nn.ModuleList(Encoder(hidden) for _ in range(3))
        self.listen, self.norm = Attention(hidden), nn.LayerNorm(hidden)
        self.looks = nn.ModuleList(Attention(hidden) for _ in range(3))
        self.fuse = nn.Sequential(
            nn.Linear(4 * hidden, 2 * hidden), nn.ReLU(), nn.Linear(2 * hidden, hidden)
        )
        self.compare = nn.Linear(hidden, hidden)

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
        sound: Heard | None = None,
        speech: Heard | None = None,
    ) -> Grounding:
        causal = self.commonsense(video)
        classes, away = self.commonsense.classes(video)
        modes = self.modes(Heard(video, video_mask), sound, speech)
        states, looks = self.states(self.embedded(text), text_mask, modes)
        number, first = vocabulary(text, text_mask)
        every, looks = self.embedded(text.flatten(0, 1)[first]), looks[:, 1:]
        aux = {
            "logits": self.likely(states[:, :-1], every),
            "words": number,
            "said": text_mask,
            "looks": looks,
            "own": self.commonsense.own(video),
            "context": self.commonsense.context(video, causal),
            "classes": classes,
            "away": away,
            "log_odds": self.commonsense.log_odds,
        }
        share = (looks * text_mask[..., None]).sum(1) / text_mask.sum(1)[:, None]
        odds = share * video_mask.sum(1, keepdim=True)  # 1 where it looks as it does on average
        curve = odds / (1 + odds)
        clips = even_clips(video_mask) if clips is None else clips
        spans, scores = runs_of(curve, video_mask, clips, level=0.3)
        return Grounding(spans, scores.clamp(0, 1), curve, aux)

    def embedded(self, x: Float[Tensor, "*b d"]) -> Float[Tensor, "*b c"]:
        """Clips or words, as loud as a norm leaves them."""
        x = self.project(x)
        return normalize(x, dim=-1) * x.shape[-1] ** 0.5

    def likely(
        self, states: Float[Tensor, "*b c"], every: Float[Tensor, "v c"]
    ) -> Float[Tensor, "*b v"]:
        """Logits of the word that comes next."""
        return self.compare(states) @ every.T / every.shape[1] ** 0.5

    def modes(self, picture: Heard, sound: Heard | None, speech: Heard | None) -> list[Heard]:
        """Every modality, encoded; the picture with its causal features, absent ones as silence."""
        none = Heard(picture.x[:, :0], picture.there[:, :0])
        sound, speech = sound or none, speech or none
        seen = self.embedded(picture.x)
        seen = seen + self.join(torch.cat([seen, self.commonsense(picture.x)], -1))
        made = [Heard(seen, picture.there)]
        for x, there, quiet in (
            (self.hear(sound.x), sound.there, self.silence),
            (self.embedded(speech.x), speech.there, self.unspoken),
        ):
            x = torch.cat([quiet.expand(len(x), 1, -1), x], 1)
            made.append(Heard(x, pad(there, (1, 0), value=True)))
        encoded = zip(self.encoders, made, strict=True)
        return [Heard(encode(x, there), there) for encode, (x, there) in encoded]

    def states(
        self, words: Float[Tensor, "b l c"], said: Bool[Tensor, "b l"], modes: list[Heard]
    ) -> tuple[Float[Tensor, "b m c"], Float[Tensor, "b m t"]]:
        """States before the first word and after each, and where they look in the picture."""
        x = torch.cat([self.begin.expand(len(words), 1, -1), words], 1)
        number = torch.arange(x.shape[1], device=x.device)
        x = x + 0.3 * sinusoids(number.to(x), x.shape[2])
        heard = pad(said, (1, 0), value=True)[:, None] & (number <= number[:, None])
        x = self.norm(x + self.listen(x, x, heard)[0])
        parts = [
            look(x, mode.x, mode.there[:, None])
            for look, mode in zip(self.looks, modes, strict=True)
        ]
        told = [x, *(part for part, _ in parts)]
        return x + self.fuse(torch.cat(told, -1)), parts[0][1]


@register(
    "head",
    "event_captioner",
    title="Event captioner with common sense (iPerceive)",
    paper=(
        "iPerceive: Applying Common-Sense Reasoning to Multi-Modal Dense Video Captioning and "
        "Video Question Answering"
    ),
    year=2020,
    arxiv="2011.07735",
    atlas=("iperceive",),
)
@dataclass(frozen=True, eq=False)
class EventCaptioner(TrainedHead):
    """A captioner of picture, sound and speech whose words say when.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    network = Kernel
    objectives = ("event_captions",)

    @torch.no_grad()
    def tell(
        self,
        tokens: Tokens,
        words: Query,
        length: int,
        sound: Float[Tensor, "n d"] | None = None,
        speech: Float[Tensor, "m d"] | None = None,
    ) -> list[str]:
        """A caption, the most probable word at a time.

        Args:
            tokens: of the film.
            words: those there are to choose from.
            length: of the caption, in words.
            sound: features of what is heard, as wide as the film's.
            speech: words that are spoken.
        """
        batch, kernel = self.collate([(tokens, words)]), cast(Kernel, self.kernel)
        every = kernel.embedded(batch.text[0])
        also = (None if x is None else heard(x[None]) for x in (sound, speech))
        modes = kernel.modes(Heard(batch.video, batch.video_mask), *also)
        chosen: list[int] = []
        for _ in range(length):
            said = torch.ones(1, len(chosen), dtype=torch.bool)
            states, _ = kernel.states(every[chosen][None], said, modes)
            chosen.append(int(kernel.likely(states[0, -1], every).argmax()))
        return [words.tokens[i] for i in chosen]


def heard(x: Float[Tensor, "b n d"]) -> Heard:
    """A modality of which nothing is padding."""
    return Heard(x, torch.ones(x.shape[:2], dtype=torch.bool, device=x.device))
