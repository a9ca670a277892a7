"""Misplaced: an adapter whose prompts break one of the promises that all of them keep.

The bug is a plausible one: rows and columns change places in the position map. Frames of vtk-tiny
are square, so every shape is right, nothing crashes, and answers still come.
"""

import re
from collections.abc import Callable

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from vtk_notebooks.models.adapters.qwen3_vl import Qwen3VL
from vtk_notebooks.models.attention import capture
from vtk_notebooks.tokens import Tokens

PROMISES = {
    "once": "every video token stands in the prompt, and none of them twice",
    "same": "where a token stands, its vector stands, bit for bit",
    "order": "no video token comes before one of an earlier second",
    "label": "the label in front of a token says its second",
    "places": "a token's position counts rows on the second axis and columns on the third",
    "causal": "no position attends to a later one",
}
"""What a prompt promises, by a short name."""


class Misplaced(Qwen3VL):
    """Reads films like any other. In no list of adapters, for the reason that a lab asks for."""

    @classmethod
    def of(cls, tiny: Qwen3VL) -> "Misplaced":
        """The same weights with another prompt."""
        return cls(tiny.model, tiny.settings, tiny.tokenizer, tiny.record, tiny.folder)

    def _places(self, tokens: Tokens) -> Int[Tensor, "3 n"]:
        time, column, row = super()._places(tokens)
        return torch.stack([time, row, column])


def holds(promise: str, adapter: Qwen3VL, question: str, tokens: Tokens) -> bool:
    """Whether the prompt of an adapter keeps one of `PROMISES`.

    Args:
        promise: its short name.
        adapter: who is asked.
        question: what it is asked.
        tokens: as its `encode` gives them, whole.
    """
    return _KEPT[promise](adapter, question, tokens)


def placed(
    adapter: Qwen3VL, question: str, tokens: Tokens
) -> tuple[Int[Tensor, "n 2"], Int[Tensor, "n 2"]]:
    """Row and column of each video token, as its position says and as its edges do.

    In the order of the prompt.
    """
    prompt = adapter.prompt(question, tokens)
    where = prompt.video.nonzero().flatten()
    assert prompt.positions is not None  # noqa: S101
    h, w = tokens.grid[1:]
    said = prompt.positions[1:, 0, where].T
    group = torch.arange(len(where)) // (h * w)
    start = torch.stack([said[group == g].amin(0) for g in group.unique()])[group]
    edges = tokens.edges[tokens.edges[:, 0].argsort(stable=True)]
    cell = edges[:: len(edges) // len(tokens), 1][prompt.token[where]] % (h * w)
    return said - start, torch.stack([cell // w, cell % w], 1)


def _once(adapter: Qwen3VL, question: str, tokens: Tokens) -> bool:
    prompt = adapter.prompt(question, tokens)
    return prompt.token[prompt.video].sort().values.tolist() == list(range(len(tokens)))


def _same(adapter: Qwen3VL, question: str, tokens: Tokens) -> bool:
    prompt = adapter.prompt(question, tokens)
    wanted = adapter.vectors(tokens)[prompt.token[prompt.video]]
    return torch.equal(prompt.embeds[0, prompt.video].cpu(), wanted.to(prompt.embeds).cpu())


def _order(adapter: Qwen3VL, question: str, tokens: Tokens) -> bool:
    prompt = adapter.prompt(question, tokens)
    seconds = tokens.centre()[prompt.token[prompt.video], 0]
    return bool((seconds.diff() >= 0).all())


def _label(adapter: Qwen3VL, question: str, tokens: Tokens) -> bool:
    prompt, label = adapter.prompt(question, tokens), -1
    for word, token in zip(prompt.words, prompt.token.tolist(), strict=True):
        if found := re.fullmatch(r"<(\d+) seconds>", word):
            label = int(found[1])
        if token >= 0:
            frames = _frames(tokens)[token]
            if label != int(tokens.times_s[frames].mean()):
                return False
    return True


def _places(adapter: Qwen3VL, question: str, tokens: Tokens) -> bool:
    return torch.equal(*placed(adapter, question, tokens))


def _causal(adapter: Qwen3VL, question: str, tokens: Tokens) -> bool:
    with capture(adapter.model, "language_model") as seen:
        adapter.answer(question, tokens, most=1)
    return all(float(one.weights.triu(1).max()) == 0 for one in seen)


def _frames(tokens: Tokens) -> Bool[Tensor, "n t"]:
    """Which frames each token speaks for."""
    out = torch.zeros(len(tokens), tokens.grid[0], dtype=torch.bool)
    token, cell = tokens.edges.unbind(1)
    out[token, cell // (tokens.grid[1] * tokens.grid[2])] = True
    return out


_KEPT: dict[str, Callable[[Qwen3VL, str, Tokens], bool]] = {
    "once": _once, "same": _same, "order": _order,
    "label": _label, "places": _places, "causal": _causal,
}  # fmt: skip
