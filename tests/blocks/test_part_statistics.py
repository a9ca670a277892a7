from dataclasses import dataclass
from typing import ClassVar

import pytest
import torch

from vtk_notebooks.blocks.part_statistics import PartStatistics
from vtk_notebooks.errors import ShapeError


@dataclass(frozen=True)
class Brightness(PartStatistics):
    """How bright each part is."""

    term: ClassVar[str] = "brightness"

    @property
    def names(self) -> tuple[str, ...]:
        return self.patterns


def test_the_loss_is_the_mean_squared_error_under_its_own_name_and_counts_as_it_is_told():
    objective = Brightness(("a", "b"), weight=3)
    guess, labels = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 4.0]])
    terms = objective(guess, labels.double())
    assert {name: float(term) for name, term in terms.items()} == {"brightness": 2.0, "total": 6.0}


def test_guesses_of_another_number_are_refused_in_its_name():
    with pytest.raises(ShapeError, match="Brightness expects 1 numbers, got 2"):
        Brightness(("a",))(torch.zeros(1, 2), torch.zeros(1, 2))
