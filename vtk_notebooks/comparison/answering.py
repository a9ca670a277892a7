"""Answering: whether a model says the same of a compressed film as of the whole one."""

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.blocks.lattice import laid_out
from vtk_notebooks.clip import Clip
from vtk_notebooks.comparison.fair import Budget, fitted, tokens_allowed
from vtk_notebooks.protocols import Compressor
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens


@runtime_checkable
class Said(Protocol):
    """What an answer holds, whatever else it does."""

    @property
    def text(self) -> str:
        """The whole answer."""
        ...


@runtime_checkable
class Answerer(Protocol):
    """A model that sees and answers, as `vtk_notebooks.load` gives it."""

    def encode(self, clip: Clip) -> Tokens:
        """Frames to the tokens that its language model reads."""
        ...

    def answer(self, prompt: str, tokens: Tokens, *, most: int = 64) -> Said:
        """What it says about these tokens."""
        ...


@dataclass(frozen=True)
class Asked:
    """A film that a model has seen, a prompt, and what it says when nothing is compressed.

    Args:
        model: who answers.
        tokens: that it made of the film.
        places: the same with one token per cell of a grid of their own, for compressors that
            count frames, rows and columns: a model merges patches and frames before.
        table: the token at each place.
        query: for compressors that go by text; in the space it was read in.
        prompt: what the model is asked.
        most: tokens of an answer.
        text: the answer about the whole film.
    """

    model: Answerer
    tokens: Tokens
    places: Tokens
    table: Int[Tensor, "n"]
    query: Query
    prompt: str
    most: int
    text: str

    @classmethod
    def of(cls, model: Answerer, clip: Clip, query: Query, most: int = 32) -> "Asked":
        """Ask about the whole film; the prompt is the question's text."""
        tokens = model.encode(clip)
        table = laid_out(tokens, "compare")
        grid = tokens.x[table]
        middle = tokens.centre()[table[:, 0, 0], 0].long().cpu()
        places = Tokens.from_grid(grid, tokens.times_s[middle], tokens.duration_s)
        places = replace(places, spaces=tokens.spaces)
        text = model.answer(query.text, tokens, most=most).text
        return cls(model, tokens, places, table.flatten(), query, query.text, most, text)

    def compressed(self, compressor: Compressor, budget: Budget) -> Tokens:
        """The model's tokens through a compressor, tied to the cells that the model saw."""
        most = tokens_allowed(budget, len(self.places))
        out = fitted(compressor, self.places.grid, most)(self.places, self.query)
        step = out.edges.clone()
        step[:, 1] = self.table[out.edges[:, 1]]
        return self.tokens.derive(out.x, step, out.share, out.kind, out.spaces)

    def agrees(self, compressor: Compressor, budget: Budget) -> bool:
        """Whether the answer about the compressed film is the same, word for word."""
        few = self.compressed(compressor, budget)
        return self.model.answer(self.prompt, few, most=self.most).text == self.text
