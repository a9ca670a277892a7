"""Query: what a person asked, as text and as vectors."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.errors import ShapeError


@dataclass(frozen=True)
class Query:
    """A text and the vectors that one named model made of it.

    Args:
        text: as the person wrote it.
        vector: the whole text, pooled.
        words: one vector per text token.
        tokens: the text tokens themselves, as strings.
        space: the feature space the vectors live in; only tokens of that space compare.
    """

    text: str
    vector: Float[Tensor, "d"]
    words: Float[Tensor, "l d"]
    tokens: tuple[str, ...]
    space: str

    def __post_init__(self) -> None:
        if len(self.tokens) != len(self.words):
            raise ShapeError(
                "Query", f"one vector for each of {len(self.tokens)} tokens", len(self.words)
            )
