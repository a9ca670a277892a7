"""Part statistics: numbers about the parts of a picture that a network learns to give back."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import mse_loss

from vtk_notebooks.blocks.frame_parts import PATTERNS
from vtk_notebooks.errors import ShapeError


@dataclass(frozen=True)
class PartStatistics:
    """Base of objectives that hold a network's guesses against such numbers.

    Args:
        patterns: ways of cutting the picture.
        weight: of the loss.
    """

    term: ClassVar[str]
    """Name of the loss."""

    patterns: tuple[str, ...] = PATTERNS
    weight: float | int = 1

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Of the labels, in order."""

    def __call__(
        self, guess: Float[Tensor, "b k"], labels: Float[Tensor, "b k"]
    ) -> dict[str, Tensor]:
        """Mean squared error, and "total"."""
        if guess.shape[1] != len(self.names):
            raise ShapeError(type(self).__name__, f"{len(self.names)} numbers", guess.shape[1])
        error = mse_loss(guess, labels.to(guess))
        return {self.term: error, "total": self.weight * error}
