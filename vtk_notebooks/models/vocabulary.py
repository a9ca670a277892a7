"""Vocabulary: new words for a language model, in one call, and gone again in another.

A time code's symbols become tokens of the tokenizer and rows of the embeddings and of the output
layer:

    with added_words(model, tokenizer, RelativeTokens().vocab) as added:
        added.ids  # the token of each symbol
    # model and tokenizer are as they were

New rows start at the mean of the old ones, as Grounded-VideoLLM's do (Wang et al., 2024,
arXiv:2410.03290), or at the mean of the rows that spell the word ("text"): of its number if it has
one, else of its letters. A model whose output layer is its embedding keeps it so.
"""

import re
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import unknown

STARTS = ("mean", "text")


class AddedWords:
    """What `added_words` did, and the way back; also a context that goes back at its end.

    Args:
        words: as given.
        ids: the token of each word, in order.
        new: which words the tokenizer did not have before.
    """

    def __init__(
        self, model: Any, tokenizer: Any, words: tuple[str, ...], new: tuple[str, ...]
    ) -> None:
        self.words, self.new = words, new
        self._model, self._tokenizer = model, tokenizer
        self._backend = tokenizer.backend_tokenizer.to_str()
        self._layers = _layers(model)
        self._before = [(layer.weight, getattr(layer, "bias", None)) for layer in self._layers]
        self._sizes = [(owner, owner.vocab_size) for owner in _counters(model)]
        self._after: list[Tensor] = []
        self.ids: tuple[int, ...] = ()

    def undo(self) -> None:
        """Put the former weights and the former tokenizer back, bit for bit; twice is once.

        What training changed meanwhile goes with the new words, in old rows as well.
        """
        if not self._after:
            return
        now = [layer.weight for layer in self._layers]
        if any(a is not b for a, b in zip(now, self._after, strict=True)):
            hint = "Undo what came later first."
            raise VtkError("AddedWords.undo", "the weights that it left", "others", hint)
        for layer, (weight, bias) in zip(self._layers, self._before, strict=True):
            _replace(layer, weight, bias)
        for owner, size in self._sizes:
            owner.vocab_size = size
        self._tokenizer._tokenizer = type(self._tokenizer.backend_tokenizer).from_str(self._backend)
        self._after = []

    def __enter__(self) -> "AddedWords":
        return self

    def __exit__(self, *error: object) -> None:
        self.undo()


def added_words(
    model: Any, tokenizer: Any, words: Sequence[str], *, start: str = "mean"
) -> AddedWords:
    """Teach a model new words; nothing it knew changes.

    Args:
        model: of transformers, with embeddings for words; an adapter's `model`.
        tokenizer: a fast one; an adapter's `tokenizer`.
        words: a codec's `vocab`, say. Those that the tokenizer has keep their tokens.
        start: where new rows start: at the "mean" of the old ones, or at that of the "text" that
            spells the word.
    """
    if start not in STARTS:
        raise unknown("added_words", "start", start, STARTS)
    if not getattr(tokenizer, "is_fast", False):
        hint = "Load it with use_fast=True."
        raise VtkError("added_words", "a fast tokenizer", type(tokenizer).__name__, hint)
    if not words or len(set(words)) != len(words) or not all(words):
        raise VtkError("added_words", "one or more words, each once", f"{len(words)} words")
    known = tokenizer.get_vocab()
    new = tuple(word for word in words if word not in known)
    done = AddedWords(model, tokenizer, tuple(words), new)
    spelt = [_spelling(tokenizer, word) if start == "text" else [] for word in new]
    old = len(tokenizer)
    from transformers import AddedToken

    tokenizer.add_tokens([AddedToken(word, normalized=False, special=False) for word in new])
    done.ids = tuple(tokenizer.convert_tokens_to_ids(list(words)))
    rows = tokenizer.convert_tokens_to_ids(list(new))
    _grow(done, rows, spelt, old, len(tokenizer))
    return done


def _grow(done: AddedWords, rows: list[int], spelt: list[list[int]], old: int, length: int) -> None:
    """Longer tables in the place of the old ones; layers that shared one go on sharing."""
    longer: dict[int, nn.Parameter] = {}
    for layer in done._layers:
        weight, bias = layer.weight, getattr(layer, "bias", None)
        for table in (weight, bias):
            if table is not None and id(table) not in longer:
                longer[id(table)] = _longer(table, rows, spelt, old, length)
        _replace(layer, longer[id(weight)], None if bias is None else longer[id(bias)])
    done._after = [layer.weight for layer in done._layers]
    for owner, size in done._sizes:
        owner.vocab_size = max(size, length)


@torch.no_grad()
def _longer(
    table: Float[Tensor, "v *d"], rows: list[int], spelt: list[list[int]], old: int, length: int
) -> nn.Parameter:
    """A copy with room for all tokens and a start for each new row."""
    more = table.new_zeros(max(0, length - len(table)), *table.shape[1:])
    out = torch.cat([table, more])
    exact = table[:old].float()
    for row, pieces in zip(rows, spelt, strict=True):
        out[row] = (exact[pieces] if pieces else exact).mean(0).to(out.dtype)
    return nn.Parameter(out, requires_grad=table.requires_grad)


def _replace(layer: Any, weight: nn.Parameter, bias: nn.Parameter | None) -> None:
    layer.weight = weight
    if bias is not None:
        layer.bias = bias
    for name in ("num_embeddings", "out_features"):
        if hasattr(layer, name):
            setattr(layer, name, len(weight))


def _layers(model: Any) -> list[Any]:
    """Where words come in, and where they go out if the model writes."""
    layers = [model.get_input_embeddings(), model.get_output_embeddings()]
    return [layer for layer in layers if layer is not None]


def _counters(model: Any) -> list[Any]:
    """Whoever remembers how many words there are."""
    config = model.config.get_text_config()
    return [config, *(m for m in model.modules() if "vocab_size" in vars(m))]


def _spelling(tokenizer: Any, word: str) -> list[int]:
    """The tokens of the number in a word, or of its letters."""
    number = re.search(r"\d+", word)
    letters = " ".join(re.findall("[A-Za-z]+", word)).lower()
    text = str(int(number[0])) if number else letters
    return tokenizer(text, add_special_tokens=False)["input_ids"] if text else []
