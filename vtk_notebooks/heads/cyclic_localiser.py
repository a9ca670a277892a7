"""Cyclic localiser: words learn to point, because what they point at must bring them back.

After "Learning to Generate Grounded Visual Captions without Localization Supervision" (Ma et al.,
2020, arXiv:1906.00283). As there, and in its released code: a decoder of two LSTMs attends to
regions and writes a caption; each word that it writes is localised, by soft attention of its
embedding over the regions, without memory; then the same decoder writes the caption again, with the
localised region in place of what it attends to. No place is ever given.

What differs: regions are the cells of a film. The vocabulary is the different words of a batch, as
vectors; so the decoder is asked which of them comes next. One projection serves cells and words,
and the localiser starts out by comparing them, because they share a space here. The paper throws
the localiser away and grounds words by the decoder's attention (`attention`); here the localiser is
the head: a frame's saliency is how well its cells fit the words, on average, before the softmax.
"""

from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.cells import CellHead
from vtk_notebooks.blocks.grounding.curves import runs_of
from vtk_notebooks.blocks.grounding.vocabulary import vocabulary
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


class Localiser(nn.Module):
    """Soft attention of words over regions; each word by itself."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.word, self.region = (nn.Linear(hidden, hidden, bias=False) for _ in range(2))
        self.gain, self.sharpness = (nn.Parameter(torch.tensor(x)) for x in (0.1, 10.0))

    def forward(
        self,
        words: Float[Tensor, "b l c"],
        regions: Float[Tensor, "b n c"],
        there: Bool[Tensor, "b n"],
    ) -> Float[Tensor, "b l n"]:
        logits = self.sharpness * self.fits(words, regions)
        return logits.masked_fill(~there[:, None], -torch.inf).softmax(-1)

    def fits(
        self, words: Float[Tensor, "b l c"], regions: Float[Tensor, "b n c"]
    ) -> Float[Tensor, "b l n"]:
        """How well each region fits each word, in [-1, 1]."""
        asked = normalize(words + self.gain * self.word(words), dim=-1)
        return asked @ normalize(regions + self.gain * self.region(regions), dim=-1).mT


class Decoder(nn.Module):
    """An LSTM that attends to regions, and one that says what comes next."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.begin = nn.Parameter(0.1 * torch.randn(hidden))
        self.attend, self.say = nn.LSTMCell(3 * hidden, hidden), nn.LSTMCell(2 * hidden, hidden)
        self.of_region, self.of_state = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.score = nn.Linear(hidden, 1, bias=False)

    def forward(
        self,
        words: Float[Tensor, "b l c"],
        regions: Float[Tensor, "b n c"],
        there: Bool[Tensor, "b n"],
        given: Float[Tensor, "b l c"] | None = None,
    ) -> tuple[Float[Tensor, "b l c"], Float[Tensor, "b l n"]]:
        """States from which each word is said, and what each attends to.

        Args:
            words: that were said; each word hears of those before it only.
            regions: to attend to.
            there: which of them exist.
            given: for each word, what is seen in place of what would be attended to.
        """
        mean = (regions * there[..., None]).sum(1) / there.sum(1, keepdim=True).clamp_min(1)
        heard = torch.cat([self.begin.expand(len(words), 1, -1), words[:, :-1]], 1)
        attending = saying = (torch.zeros_like(mean), torch.zeros_like(mean))
        keys, states, weights = self.of_region(regions), [], []
        for step, word in enumerate(heard.unbind(1)):
            attending = self.attend(torch.cat([word, mean, saying[0]], -1), attending)
            score = self.score((keys + self.of_state(attending[0])[:, None]).tanh())[..., 0]
            weight = score.masked_fill(~there, -torch.inf).softmax(-1)
            seen = torch.einsum("b n, b n c -> b c", weight, regions)
            seen = seen if given is None else given[:, step]
            saying = self.say(torch.cat([seen, attending[0]], -1), saying)
            states.append(saying[0])
            weights.append(weight)
        return torch.stack(states, 1), torch.stack(weights, 1)


class Kernel(nn.Module):
    """The trainable part: padded cells and words in, where each word points out.

    As aux: "pointed" (b l n) and "attention" (b l n), of the localiser and the decoder; "decoded"
    and "reconstructed" (b l v), logits of the batch's different words; "words" and "said" (b l),
    the number of each word among them, and whether there is one.
    """

    def __init__(self, width: int, hidden: int = 64) -> None:
        super().__init__()
        self.project = nn.Linear(width, hidden)
        self.localiser, self.decoder = Localiser(hidden), Decoder(hidden)
        self.compare = nn.Linear(hidden, hidden)

    def forward(
        self,
        video: Float[Tensor, "b t h w d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        seen = (video.norm(dim=-1) > 0) & video_mask[..., None, None]
        there, words = seen.flatten(1), self.project(text)
        regions = self.project(rearrange(video, "b t h w d -> b (t h w) d")) * there[..., None]
        number, first = vocabulary(text, text_mask)
        aux = {
            "pointed": self.localiser(words, regions, there),
            "words": number,
            "said": text_mask,
            **self.cycle(words, words.flatten(0, 1)[first], regions, there),
        }
        curve = _curve(self.localiser.fits(words, regions), text_mask, seen)
        clips = even_clips(video_mask) if clips is None else clips
        spans, scores = runs_of((1 + curve) / 2, video_mask, clips)
        return Grounding(spans, scores, curve, aux)

    def cycle(
        self,
        words: Float[Tensor, "b l c"],
        every: Float[Tensor, "v c"],
        regions: Float[Tensor, "b n c"],
        there: Bool[Tensor, "b n"],
    ) -> dict[str, Tensor]:
        """Decode, localise what was decoded, and decode again from there.

        Args:
            words: that are to be said.
            every: the words there are.
            regions: that can be seen.
            there: which of them exist.
        """
        states, attention = self.decoder(words, regions, there)
        decoded = self.compare(states) @ every.T
        found = self.localiser(every[decoded.argmax(-1)], regions, there) @ regions
        again, _ = self.decoder(words, regions, there, found)
        reconstructed = self.compare(again) @ every.T
        return {"attention": attention, "decoded": decoded, "reconstructed": reconstructed}


def _curve(
    fits: Float[Tensor, "b l n"], said: Bool[Tensor, "b l"], seen: Bool[Tensor, "b t h w"]
) -> Float[Tensor, "b t"]:
    """The mean over the words and a frame's cells."""
    mean = (fits * said[..., None]).sum(1) / said.sum(1, keepdim=True)
    cells, there = mean.view(seen.shape).flatten(2), seen.flatten(2)
    return (cells * there).sum(2) / there.sum(2).clamp_min(1)


@register(
    "head",
    "cyclic_localiser",
    title="Cyclic localiser",
    paper="Learning to Generate Grounded Visual Captions without Localization Supervision",
    year=2020,
    arxiv="1906.00283",
    atlas=("grounded_captions",),
)
@dataclass(frozen=True, eq=False)
class CyclicLocaliser(CellHead):
    """A head that learns to point from captions alone.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    network = Kernel
    objectives = ("cycle_caption",)

    def words_at(self, tokens: Tokens, query: Query) -> Float[Tensor, "l t h w"]:
        """The share of each cell in what each word points at; a word's shares add up to 1.

        Args:
            tokens: of the film.
            query: in the head's space.
        """
        return self.grounding(tokens, query).aux["pointed"][0].view(-1, *tokens.grid)
