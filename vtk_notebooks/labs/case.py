"""Case: something that happens in a made film, what vtk-tiny says of it, and what changes that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.adapters import Prompt
from vtk_notebooks.models.adapters.qwen3_vl import Qwen3VL
from vtk_notebooks.models.attention import capture, without_heads
from vtk_notebooks.moment import Moment, tiou
from vtk_notebooks.statistics.estimate import Estimate
from vtk_notebooks.tiny import spans, watch
from vtk_notebooks.tiny.films import EXAM, LessonFilm, lesson_film
from vtk_notebooks.tokens import Tokens
from vtk_notebooks.video.synth.scene import Event

LAYER = "language_model.layers.{}.self_attn"
"""Name of a layer of the language model, by its number."""


@dataclass(frozen=True)
class Case:
    """Something that happens in a made film, and the question when.

    Args:
        film: one that vtk-tiny never learnt from.
        event: of the film.
    """

    film: LessonFilm
    event: Event

    @cached_property
    def clip(self) -> Clip:
        """The film as vtk-tiny looks at it."""
        return watch(self.film.clip)

    @property
    def name(self) -> str:
        """What the thing is called."""
        return f"{self.event.shape.colour} {self.event.shape.form}"

    @property
    def question(self) -> str:
        return f"when is the {self.name} there ?"

    @property
    def truth(self) -> Moment:
        """When it is there."""
        return self.event.moment

    @property
    def mirror(self) -> Moment:
        """When it is there if the film runs backwards."""
        whole_s = self.clip.duration_s
        return Moment(whole_s - self.truth.end_s, whole_s - self.truth.start_s)

    @property
    def place(self) -> tuple[float, int, int]:
        """Second, pixel row and pixel column of the thing's centre halfway through its moment."""
        time_s = (self.truth.start_s + self.truth.end_s) / 2
        x, y = self.event.centre(time_s) or (0.5, 0.5)
        _, height, width, _ = self.clip.frames.shape
        return time_s, min(int(y * height), height - 1), min(int(x * width), width - 1)

    def iou(self, text: str, truth: Moment | None = None) -> float:
        """Of the first moment in an answer and the true one; 0 where it names none."""
        found = spans(text, self.clip.duration_s)
        return tiou(found[0], truth or self.truth) if found else 0.0


def cases(films: int, events: int = 3) -> list[Case]:
    """Everything that happens in the first films of the examination and can be told apart."""
    out = list[Case]()
    for number in range(films):
        film = lesson_film(EXAM + number, events=events)
        found = [Case(film, event) for event in film.film.scene.events]
        names = [case.name for case in found]
        out += [case for case in found if names.count(case.name) == 1]
    return out


def good_case(tiny: Qwen3VL, films: int = 12, enough: float = 0.8) -> Case:
    """The first case that vtk-tiny answers well; else the one it answers best.

    Of those whose moment is neither at the film's beginning nor in its middle, where a guess is
    cheap and a mirror changes nothing. So it is no sample of what vtk-tiny can do: that is on its
    card.

    Args:
        tiny: who is asked.
        films: to choose from.
        enough: IoU of an answer that is good.
    """
    best, most = None, -1.0
    for case in cases(films):
        if case.truth.start_s < 4 or tiou(case.truth, case.mirror) > 0.2:
            continue
        iou = case.iou(tiny.answer(case.question, tiny.encode(case.clip), most=8).text)
        if iou > most:
            best, most = case, iou
        if iou >= enough:
            break
    if best is None:
        raise VtkError("good_case", "more films", films)
    return best


def looked(tiny: Qwen3VL, question: str, tokens: Tokens) -> Float[Tensor, "l h k"]:
    """What the last position of the prompt looks at, from which the first word is said."""
    with capture(tiny.model, "language_model", rows=[-1]) as seen:
        tiny.answer(question, tokens, most=1)
    return torch.stack([one.weights[0, :, 0] for one in seen])


def mirrored(tokens: Tokens) -> Tokens:
    """Groups of frames from last to first; labels stay where they are."""
    return _in_order(tokens, torch.arange(_groups(tokens)).flip(0))


def shuffled(tokens: Tokens, seed: int = 0) -> Tokens:
    """Groups of frames in another order; labels stay where they are."""
    draw = torch.Generator().manual_seed(seed)
    return _in_order(tokens, torch.randperm(_groups(tokens), generator=draw))


def needed(tiny: Qwen3VL, question: str, tokens: Tokens) -> Float[Tensor, "l h"]:
    """What the model's answer, word for word, loses in log-probability without each head."""
    ids = tiny.answer(question, tokens, most=8).ids
    prompt, config = followed(tiny, tiny.prompt(question, tokens), ids), tiny.model.config
    out = torch.zeros(config.text_config.num_hidden_layers, config.text_config.num_attention_heads)
    whole = _logprob(tiny, prompt, ids)
    for layer in range(len(out)):
        for head in range(out.shape[1]):
            with without_heads(tiny.model, LAYER.format(layer), [head]):
                out[layer, head] = whole - _logprob(tiny, prompt, ids)
    return out


def followed(tiny: Qwen3VL, prompt: Prompt, ids: Sequence[int]) -> Prompt:
    """The prompt with an answer behind it, all but its last word, as if it had been said.

    Args:
        tiny: whose words they are.
        prompt: that was answered.
        ids: of the answer.
    """
    assert prompt.positions is not None  # noqa: S101
    said, n = torch.tensor(ids[:-1], dtype=torch.long), len(ids) - 1
    places = (prompt.next_position + torch.arange(n)).expand(3, 1, n)
    video = torch.cat([prompt.video, torch.zeros(n, dtype=torch.bool)])
    words = tiny.tokenizer.convert_ids_to_tokens(said.tolist())
    with torch.inference_mode():
        vectors = tiny.model.get_input_embeddings()(said[None])
    return Prompt(
        torch.cat([prompt.embeds, vectors], 1),
        video,
        torch.cat([prompt.token, torch.full((n,), -1)]),
        (*prompt.words, *words),
        torch.cat([prompt.positions, places], -1),
        prompt.next_position + n,
        {**prompt.inputs, "visual_pos_masks": video[None]},
    )


def _logprob(tiny: Qwen3VL, prompt: Prompt, ids: Sequence[int]) -> float:
    """Of an answer that follows a prompt."""
    scores = tiny.logits(prompt)[-len(ids) :].log_softmax(-1)
    return float(scores[range(len(ids)), list(ids)].sum())


def mean_iou(
    tiny: Qwen3VL,
    asked: Sequence[tuple[Case, Tokens]],
    change: Callable[[Tokens], Tokens] | None = None,
    *,
    mirror: bool = False,
) -> Estimate:
    """Mean IoU of the moments that are said, with its interval over films.

    Args:
        tiny: the model.
        asked: cases, each with its whole tokens.
        change: of the tokens; none leaves them whole.
        mirror: hold answers against the moments of the film that runs backwards.
    """
    ious = list[float]()
    for case, x in asked:
        said = tiny.answer(case.question, change(x) if change else x, most=8)
        ious.append(case.iou(said.text, case.mirror if mirror else case.truth))
    return Estimate.mean(ious, [case.clip.address for case, _ in asked])


def _groups(tokens: Tokens) -> int:
    return len(tokens) // (tokens.grid[1] * tokens.grid[2])


def _in_order(tokens: Tokens, order: Int[Tensor, "g"]) -> Tokens:
    x = rearrange(tokens.x, "(g p) d -> g p d", g=len(order))[order]
    return replace(tokens, x=rearrange(x, "g p d -> (g p) d"))
