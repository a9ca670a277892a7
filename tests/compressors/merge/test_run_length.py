import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import BipartiteMerge, RunLength, SpatialPool
from vtk_notebooks.errors import ShapeError, VtkError


def film(t=6, h=2, w=3, d=4, cut_at=6, seed=0):
    """A picture that stands still, and another one from `cut_at` on."""
    draw = torch.Generator().manual_seed(seed)
    x = torch.randn(1, h, w, d, generator=draw).repeat(t, 1, 1, 1)
    x[cut_at:] += 5.0
    return Tokens.from_grid(x, torch.arange(t) * 0.5)


def noise(t=6, h=2, w=3, d=4, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) * 0.5)


def test_a_still_film_needs_one_frame_of_tokens():  # the paper's claim, in one line
    assert len(RunLength()(film())) == 2 * 3


def test_a_cut_starts_every_run_again():
    out = RunLength()(film(cut_at=2))
    assert len(out) == 2 * 2 * 3
    assert out.mass().tolist() == [2] * 6 + [4] * 6


def test_a_place_that_moves_costs_no_other_place_anything():
    x = film().on_grid("test").clone()
    x[3, 1, 2] *= -1
    out = RunLength()(Tokens.from_grid(x, torch.arange(6) / 2))
    assert len(out) == 6 + 2  # it changes, and changes back
    assert out.mass().tolist() == [6, 6, 6, 6, 6, 3, 1, 2]


@given(tau=st.floats(0, 2), cut_at=st.integers(0, 6), seed=st.integers(0, 99))
def test_every_cell_is_spoken_for_exactly_once(tau, cut_at, seed):
    cells = RunLength(tau)(film(cut_at=cut_at, seed=seed)).edges[:, 1]
    assert cells.sort().values.tolist() == list(range(6 * 2 * 3))


@given(tau=st.floats(0, 3), seed=st.integers(0, 99))
def test_a_run_ends_where_the_change_since_the_frame_before_is_above_tau(tau, seed):
    x = noise(seed=seed).on_grid("test")
    change = (x[1:] - x[:-1]).norm(dim=-1) / x[:-1].norm(dim=-1)
    out = RunLength(tau)(noise(seed=seed))
    assert len(out) == 6 + int((change > tau).sum())


def test_slow_drift_is_one_run():
    x = torch.ones(20, 1, 1, 1) * 1.05 ** torch.arange(20)[:, None, None, None]
    assert len(RunLength(0.06)(Tokens.from_grid(x, torch.arange(20) / 2))) == 1


def test_the_first_of_a_run_may_stand_for_it_bit_for_bit():
    tokens = noise()
    out, mean = RunLength(1.2, first=True)(tokens), RunLength(1.2)(tokens)
    assert out.kind == "hard"
    assert len(out) == len(mean) < len(tokens)
    token, cell = mean.edges.unbind(1)
    first = torch.full((len(mean),), 36).scatter_reduce(0, token, cell, "amin")
    assert torch.equal(out.edges[:, 1], first)


@given(keep=st.floats(0.01, 1), seed=st.integers(0, 99))
def test_a_budget_goes_to_the_largest_changes(keep, seed):
    tokens = noise(seed=seed)
    out = RunLength().at(keep)(tokens)
    assert len(out) == max(6, round(keep * 36))
    x = tokens.on_grid("test")
    change = (x[1:] - x[:-1]).norm(dim=-1) / x[:-1].norm(dim=-1)
    least = change.flatten().sort(descending=True).values[: len(out) - 6]
    if len(least):
        assert len(RunLength(least[-1].item() * 0.999)(tokens)) >= len(out)
        assert len(RunLength(least[-1].item() * 1.001)(tokens)) < len(out)


def test_one_space_may_decide_what_has_changed():
    still = film(t=6)
    moving = Tokens.from_grid(noise(seed=3).on_grid("test"), still.times_s, space="moving")
    both = still.beside(moving)
    assert len(RunLength(metric="features")(both)) == 6
    assert len(RunLength(metric="moving")(both)) == 36


def test_a_nan_starts_a_run_and_is_in_no_other():
    x = film().on_grid("test").clone()
    x[2, 0, 0] = torch.nan
    out = RunLength()(Tokens.from_grid(x, torch.arange(6) / 2))
    assert len(out) == 6 + 2
    assert int(out.x.isnan().any(1).sum()) == 1


@pytest.mark.parametrize("made", [RunLength(0.1), RunLength(keep=0.4)])
def test_a_change_is_as_large_in_16_bits_as_the_same_numbers_say_in_32(made):
    sign = noise(6, 7, 9, 64).on_grid("test").sign()
    step = torch.linspace(0.09, 0.11, 7 * 9).view(1, 7, 9, 1) * sign
    x = (noise(1, 7, 9, 64).on_grid("test") * (1 + step).cumprod(0)).bfloat16()
    narrow, wide = (made(Tokens.from_grid(y, torch.arange(6) / 2)) for y in (x, x.float()))
    assert torch.equal(narrow.edges, wide.edges)


def test_it_works_behind_a_pool_that_leaves_places():
    assert len(RunLength()(SpatialPool(2)(film(h=4, w=4)))) == 4


def test_it_says_what_to_do_when_tokens_were_already_merged():
    with pytest.raises(ShapeError, match="Put it first"):
        RunLength()(BipartiteMerge(0.4)(noise()))


@pytest.mark.parametrize("wrong", [{"tau": -0.1}, {"tau": float("nan")}, {"keep": 2.0}])
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="RunLength expects"):
        RunLength(**wrong)
