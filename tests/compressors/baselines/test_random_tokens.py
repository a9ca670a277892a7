import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import RandomTokens
from vtk_notebooks.errors import VtkError


def film(t=8, h=3, w=3, seed=0):
    draw = torch.Generator().manual_seed(seed)
    return Tokens.from_grid(torch.randn(t, h, w, 4, generator=draw), torch.arange(t) / 2)


def cells(tokens):
    return tokens.edges[:, 1].tolist()


def test_a_quarter_is_a_quarter_and_stays_in_order():
    kept = cells(RandomTokens(0.25)(film()))
    assert len(kept) == 18
    assert kept == sorted(kept)


def test_the_draw_depends_on_the_seed_and_not_on_the_film():
    assert cells(RandomTokens(0.25)(film(seed=0))) == cells(RandomTokens(0.25)(film(seed=1)))
    assert cells(RandomTokens(0.25)(film())) != cells(RandomTokens(0.25, seed=1)(film()))


def test_every_cell_is_as_likely_as_any_other():
    times = torch.zeros(72)
    for seed in range(400):
        times[cells(RandomTokens(0.25, seed=seed)(film()))] += 1
    assert (times / 400 - 0.25).abs().max() < 0.1  # above four deviations of one cell


@given(keep=st.floats(1e-6, 1), seed=st.integers(0, 2**31))
def test_no_token_is_drawn_twice(keep, seed):
    kept = cells(RandomTokens(keep, seed=seed)(film()))
    assert len(set(kept)) == len(kept) == max(1, round(72 * keep))


def test_an_impossible_part_is_refused():
    with pytest.raises(VtkError, match=r"keep in \(0, 1\]"):
        RandomTokens(0.0)
