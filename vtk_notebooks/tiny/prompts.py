"""Prompts: many questions about a film in one sequence, each as if it were the only one.

The adapter lays out the video, compressed or not, and gives positions; every question stands
behind it at the same place and sees the video and itself.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.models.adapters import grouped
from vtk_notebooks.models.adapters.qwen3_vl import Qwen3VL
from vtk_notebooks.tiny.films import CLOCK, FRAMES
from vtk_notebooks.tiny.questions import Lesson
from vtk_notebooks.tiny.words import CLOCK_S
from vtk_notebooks.tokens import Tokens

IGNORE = -100
"""Where no answer is wanted."""

_LABEL = re.compile(r"<[0-9.]+ seconds>")


class Batch(NamedTuple):
    """Sequences for the language model.

    Args:
        ids: of words, 0 at video.
        video: rows of features where video stands, in order.
        at: which positions those are.
        positions: for time, row and column.
        mask: who sees whom.
        targets: the next word, where it is part of an answer.
    """

    ids: Int[Tensor, "b n"]
    video: Float[Tensor, "k d"]
    at: Bool[Tensor, "b n"]
    positions: Int[Tensor, "3 b n"]
    mask: Bool[Tensor, "b 1 n n"]
    targets: Int[Tensor, "b n"]


class Prefix(NamedTuple):
    """The video's part of a sequence."""

    ids: list[int]
    token: list[int]
    positions: Int[Tensor, "3 p"]
    following: int


class Prompter:
    """Puts films and lessons into batches, as the adapter would one question at a time."""

    def __init__(self, adapter: Qwen3VL) -> None:
        self.adapter, self.clock = adapter, True
        self._shared: dict[bool, Prefix] = {}
        self._layout: Tokens | None = None

    @contextmanager
    def without_clock(self) -> Iterator[None]:
        """Prompts without the labels that say at which second a group of frames is."""
        self.clock = False
        try:
            yield
        finally:
            self.clock = True

    def tokens(self, seen: Float[Tensor, "t y x d"]) -> Tokens:
        """A film's tokens as the adapter's `encode` gives them."""
        if self._layout is None:
            blank = Clip(np.zeros((FRAMES, 1, 1, 3), np.uint8), CLOCK, Origin("", CLOCK_S))
            per = FRAMES // len(seen)
            self._layout = grouped(torch.zeros(seen.shape), blank, per, self.adapter.space)
        x = rearrange(seen.float(), "t y x d -> (t y x) d")
        return replace(self._layout, x=x)

    def prefix(self, tokens: Tokens) -> Prefix:
        """The video and the words around it, without the question."""
        segments = self.adapter.segments("", tokens)
        end = "<|im_end|>\n<|im_start|>assistant\n"
        segments[-1] = str(segments[-1]).removesuffix(end)
        if not self.clock:
            segments = [_LABEL.sub("", s) if isinstance(s, str) else s for s in segments]
        sizes, ids, token = list[int](), list[int](), list[int]()
        for segment in segments:
            words = self._ids(segment) if isinstance(segment, str) else [0] * len(segment)
            sizes.append(len(words))
            ids += words
            token += [-1] * len(words) if isinstance(segment, str) else segment.tolist()
        positions, following = self.adapter.positions(segments, sizes, tokens)
        return Prefix(ids, token, positions[:, 0], following)

    def batch(
        self, films: Sequence[Tokens], asked: Sequence[Sequence[Lesson]], whole: bool
    ) -> Batch:
        """One sequence a film.

        Args:
            films: their tokens, compressed or not.
            asked: lessons of each film.
            whole: tokens are as the tower gives them, so that all films share one layout.
        """
        shared = self._whole(films[0]) if whole else None
        prefixes = [shared or self.prefix(tokens) for tokens in films]
        turns = [[self._turn(lesson) for lesson in some] for some in asked]
        p = [len(f.ids) for f in prefixes]
        n = max(a + sum(len(q) for q, _ in some) for a, some in zip(p, turns, strict=True))
        b = len(films)
        ids, targets = torch.zeros(b, n).long(), torch.full((b, n), IGNORE)
        block = torch.full((b, n), -2)  # -1: the video; -2: padding; else number of the question
        positions = torch.zeros(3, b, n).long()
        at = torch.zeros(b, n, dtype=torch.bool)
        rows = list[Tensor]()
        for i, (prefix, some, tokens) in enumerate(zip(prefixes, turns, films, strict=True)):
            here = len(prefix.ids)
            ids[i, :here], block[i, :here] = torch.tensor(prefix.ids), -1
            token = torch.tensor(prefix.token)
            at[i, :here] = token >= 0
            rows.append(self.adapter.vectors(tokens)[token[token >= 0]])
            positions[:, i, :here] = prefix.positions
            for number, (words, wanted) in enumerate(some):
                stop = here + len(words)
                ids[i, here:stop], targets[i, here:stop] = words, wanted
                block[i, here:stop] = number
                positions[:, i, here:stop] = prefix.following + torch.arange(len(words))
                here = stop
        order = torch.arange(n)
        same = block[:, :, None] == block[:, None, :]
        sees = same | ((block[:, None, :] == -1) & (block[:, :, None] >= 0))
        mask = (sees & (order[:, None] >= order))[:, None]
        return Batch(ids, torch.cat(rows), at, positions, mask, targets)

    def _whole(self, tokens: Tokens) -> Prefix:
        if self.clock not in self._shared:
            self._shared[self.clock] = self.prefix(tokens)
        return self._shared[self.clock]

    def _turn(self, lesson: Lesson) -> tuple[Tensor, Tensor]:
        """A question with its answer, and the next word wherever that is part of the answer."""
        asked = self._ids(f"{lesson.question}<|im_end|><|im_start|>assistant")
        said = self._ids(f"{lesson.answer}<|im_end|>")
        wanted = [IGNORE] * (len(asked) - 1) + said
        return torch.tensor(asked + said[:-1]), torch.tensor(wanted)

    def _ids(self, text: str) -> list[int]:
        return self.adapter.tokenizer(text, add_special_tokens=False)["input_ids"]


def logits(model: Any, batch: Batch) -> Float[Tensor, "k v"]:
    """Of the positions whose next word is part of an answer."""
    embeds = model.get_input_embeddings()(batch.ids)
    embeds = embeds.masked_scatter(batch.at[..., None], batch.video)
    out = model.model.language_model(
        inputs_embeds=embeds,
        attention_mask=batch.mask,
        position_ids=batch.positions,
        use_cache=False,
    )
    return model.lm_head(out.last_hidden_state[batch.targets != IGNORE])
