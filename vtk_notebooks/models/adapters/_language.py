"""LanguageAdapter: a model that reads video tokens between words, and answers.

The prompt is made of text and of runs of video tokens, in the order that the model's template
gives. Tokens go in as they are, compressed or not, so a compressor stands exactly between tower
and language model, and nothing has to be put into the model or taken out of it again.
"""

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.adapters._adapter import Adapter, Answer
from vtk_notebooks.models.adapters._patches import rows_by_frame
from vtk_notebooks.tokens import Tokens

Segment = str | Tensor
"""Text; int [k], the video tokens that stand there; or float [k d], vectors of the model's own."""


@dataclass(frozen=True)
class Prompt:
    """What the language model is given.

    Args:
        embeds: one vector per position.
        video: which positions are video.
        token: number of the video token at each position, -1 at words.
        words: text of each position; "" at video, a line break at the model's own newlines.
        positions: for rotary codes with several axes, one row per axis; None for plain counting.
        next_position: of the first generated token.
        inputs: what else the model's forward pass needs.
    """

    embeds: Float[Tensor, "1 n d"]
    video: Bool[Tensor, "n"]
    token: Int[Tensor, "n"]
    words: tuple[str, ...]
    positions: Int[Tensor, "axes 1 n"] | None
    next_position: int
    inputs: dict[str, Any]


class LanguageAdapter(Adapter):
    """Base of all adapters whose model generates text."""

    auto: ClassVar[str] = "AutoModelForImageTextToText"
    fallback: ClassVar[str] = "{video}\n{prompt}\n"
    """The template where the tokenizer has none."""

    @property
    @abstractmethod
    def placeholder(self) -> str:
        """The token that stands for video in the model's template."""

    def template(self, prompt: str) -> str:
        """The whole text of a turn, with one placeholder where the video stands."""
        if not getattr(self.tokenizer, "chat_template", None):
            return self.fallback.format(video=self.placeholder, prompt=prompt)
        content = [{"type": "video"}, {"type": "text", "text": prompt}]
        turn = [{"role": "user", "content": content}]
        return self.tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)

    def segments(self, prompt: str, tokens: Tokens) -> list[Segment]:
        """Text and video in order; by default all tokens where the placeholder stands."""
        before, found, after = self.template(prompt).partition(self.placeholder)
        if not found:
            hint = f"Its template must hold {self.placeholder!r}."
            raise VtkError(type(self).__name__, "a template with a place for video", before, hint)
        return [before, torch.arange(len(tokens)), after]

    def vectors(self, tokens: Tokens) -> Float[Tensor, "n d"]:
        """What stands at the positions of video: the tokens, as the language model takes them."""
        return tokens.part(self.space)

    def positions(
        self, segments: Sequence[Segment], sizes: Sequence[int], tokens: Tokens
    ) -> tuple[Int[Tensor, "axes 1 n"] | None, int]:
        """Positions for rotary codes with several axes, and the next one; None counts plainly."""
        return None, sum(sizes)

    def more_inputs(self, prompt: Prompt, tokens: Tokens) -> dict[str, Any]:
        """What else the forward pass needs."""
        return {}

    @torch.inference_mode()
    def prompt(self, prompt: str, tokens: Tokens) -> Prompt:
        """Words and video tokens as one sequence of vectors."""
        table = self.model.get_input_embeddings()
        vectors = self.vectors(tokens).to(self.model.device, table.weight.dtype)
        segments = self.segments(prompt, tokens)
        parts, token, words = list[Tensor](), list[int](), list[str]()
        for segment in segments:
            if isinstance(segment, str):
                ids = self._ids(segment)
                parts.append(table(ids.to(self.model.device)))
                words += self._words(ids.tolist())
            elif segment.is_floating_point():
                parts.append(segment.to(vectors))
                words += ["\n"] * len(segment)
            else:
                parts.append(vectors[segment.to(vectors.device)])
                words += [""] * len(segment)
            placed = not isinstance(segment, str) and not segment.is_floating_point()
            token += segment.tolist() if placed else [-1] * len(parts[-1])  # type: ignore[union-attr]
        number = torch.tensor(token, dtype=torch.long)
        positions, following = self.positions(segments, [len(p) for p in parts], tokens)
        embeds = torch.cat(parts)[None]
        made = Prompt(embeds, number >= 0, number, tuple(words), positions, following, {})
        return replace(made, inputs=self.more_inputs(made, tokens))

    @torch.inference_mode()
    def answer(
        self,
        prompt: str,
        tokens: Tokens,
        *,
        most: int = 64,
        progress: Callable[[int, int], None] | None = None,
    ) -> Answer:
        """The most likely continuation, one token at a time; an interrupt ends it cleanly.

        Args:
            prompt: what to ask.
            tokens: of this adapter's `encode`, whole or compressed.
            most: tokens to generate.
            progress: told tokens generated, and `most`.
        """
        if most < 1:
            raise VtkError("answer", "most of 1 or more", most)
        start_s = time.perf_counter()
        ready = self.prompt(prompt, tokens)
        logits, memory = self._forward(ready.embeds, None, ready.positions, 1, **ready.inputs)
        prefill_s, ids, logprobs = time.perf_counter() - start_s, list[int](), list[float]()
        for done in range(1, most + 1):
            scores = logits[-1].float().log_softmax(-1)
            best = int(scores.argmax())
            ids.append(best)
            logprobs.append(float(scores[best]))
            if progress:
                progress(done, most)
            if best in self._ends or done == most:
                break
            embed = self.model.get_input_embeddings()(torch.tensor([[best]], device=logits.device))
            where = ready.next_position + done - 1
            axes = None if ready.positions is None else len(ready.positions)
            place = None if axes is None else torch.full((axes, 1, 1), where)
            logits, memory = self._forward(embed, memory, place, 1)
        return Answer(
            text=self.tokenizer.decode(ids, skip_special_tokens=True).strip(),
            ids=tuple(ids),
            words=tuple(self._words(ids)),
            logprobs=torch.tensor(logprobs),
            prefill_s=prefill_s,
            decode_s=time.perf_counter() - start_s - prefill_s,
            prompt_tokens=ready.embeds.shape[1],
            video_tokens=int(ready.video.sum()),
        )

    @torch.inference_mode()
    def logits(self, prompt: Prompt) -> Float[Tensor, "n v"]:
        """Of every position of a prompt; large for a long one, so `answer` does not ask for it."""
        return self._forward(prompt.embeds, None, prompt.positions, 0, **prompt.inputs)[0]

    def next_logits(self, prompt: Prompt) -> Float[Tensor, "v"]:
        """Of the first generated token; with gradients, where they are switched on."""
        own = replace(prompt, embeds=_usable(prompt.embeds), inputs=_usable(prompt.inputs))
        where = _usable(prompt.positions)
        return self._forward(own.embeds, None, where, 1, **own.inputs)[0][-1]

    def _forward(
        self, embeds: Tensor, memory: Any, positions: Tensor | None, keep: int, **more: Any
    ) -> Any:
        """Logits of the last `keep` positions (0: of all), and the cache after them."""
        where = {} if positions is None else {"position_ids": positions.to(embeds.device)}
        out = self.model(
            inputs_embeds=embeds,
            past_key_values=memory,
            use_cache=True,
            logits_to_keep=keep,
            **where,
            **more,
        )
        return out.logits[0], out.past_key_values

    def _frame_by_frame(
        self, before: str, tokens: Tokens, after: str, label: Callable[[int, float], str], end: str
    ) -> list[Segment]:
        """Each frame's tokens between its label and `end`; a frame without any is not named.

        Args:
            before: text in front of the first label.
            tokens: that are shared out; one that spans frames goes to its middle.
            after: text behind the last end.
            label: from a frame's number and time in seconds to the text in front of it.
            end: text behind each frame.
        """
        out: list[Segment] = [before]
        for frame, rows in rows_by_frame(tokens):
            text = label(frame, float(tokens.times_s[frame]))
            out = [*out[:-1], f"{out[-1]}{text}", rows, end]
        return [*out[:-1], f"{out[-1]}{after}"]

    def _ids(self, text: str) -> Int[Tensor, "k"]:
        return torch.tensor(self.tokenizer(text, add_special_tokens=False)["input_ids"]).long()

    def _words(self, ids: list[int]) -> list[str]:
        """Pieces of text; "" for an id that the tokenizer does not know."""
        return [piece or "" for piece in self.tokenizer.convert_ids_to_tokens(ids)]

    @property
    def _ends(self) -> set[int]:
        """Tokens after which the model has finished."""
        said = getattr(self.model.generation_config, "eos_token_id", None)
        said = self.tokenizer.eos_token_id if said is None else said
        return set(said) if isinstance(said, list) else {said}


def _usable(value: Any) -> Any:
    """Copies that gradients can go through; a prompt is made without any."""
    if torch.is_tensor(value):
        return value.clone()
    if isinstance(value, Mapping):
        return {name: _usable(inner) for name, inner in value.items()}
    return [_usable(inner) for inner in value] if isinstance(value, list) else value
