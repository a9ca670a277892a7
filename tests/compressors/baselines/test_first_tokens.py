import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import FirstTokens
from vtk_notebooks.errors import VtkError


def film(t=8, h=3, w=3):
    draw = torch.Generator().manual_seed(0)
    return Tokens.from_grid(torch.randn(t, h, w, 4, generator=draw), torch.arange(t) / 2)


def test_a_quarter_is_the_first_quarter():  # what a full context reads of a film
    assert FirstTokens(0.25)(film()).edges[:, 1].tolist() == list(range(18))


def test_it_counts_tokens_as_they_stand_not_as_they_were_filmed():
    backwards = film().select(torch.arange(71, -1, -1))
    assert FirstTokens(2 / 72)(backwards).edges[:, 1].tolist() == [71, 70]


@example(t=10, keep=0.95)  # 85.5: which way it rounds hangs on the order of the product
@given(t=st.integers(1, 12), keep=st.floats(1e-6, 1))
def test_a_smaller_budget_keeps_a_beginning_of_what_a_larger_one_keeps(t, keep):
    tokens = film(t)
    kept, half = (FirstTokens(k)(tokens).edges[:, 1].tolist() for k in (keep, keep / 2))
    assert len(kept) == max(1, round(keep * (9 * t)))
    assert kept[: len(half)] == half


def test_an_impossible_part_is_refused():
    with pytest.raises(VtkError, match=r"keep in \(0, 1\]"):
        FirstTokens(0.0)
