"""What every registered pattern promises: a table of yes and no, in which nobody is blind."""

from typing import Any

import pytest
import torch

from vtk_notebooks import build, names
from vtk_notebooks.protocols import Pattern
from vtk_notebooks.registry import maker

EVERY = pytest.mark.parametrize("name", names("pattern"))
SIZES = pytest.mark.parametrize(
    ("grid", "n_text"), [((1, 1, 1), 0), ((4, 3, 2), 0), ((3, 2, 2), 4)]
)


@EVERY
def test_it_keeps_the_protocol(name):
    assert isinstance(build("pattern", name), Pattern)


@EVERY
@SIZES
def test_every_token_has_a_row_and_a_column_and_sees_itself(name, grid, n_text):
    t, h, w = grid
    table = build("pattern", name)(grid, n_text)
    assert table.dtype == torch.bool
    assert table.shape == (t * h * w + n_text,) * 2
    assert table.diagonal().all()


@EVERY
@SIZES
def test_it_is_the_same_each_time(name, grid, n_text):
    pattern = build("pattern", name)
    assert torch.equal(pattern(grid, n_text), build("pattern", name)(grid, n_text))


@EVERY
def test_its_example_says_what_it_is_and_fits(name):
    pattern: Any = maker("pattern", name)
    assert pattern.example.__doc__
    assert build("pattern", name)(*pattern.example()).any()
