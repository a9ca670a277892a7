import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors.route.random_token_drop import RandomTokenDrop
from vtk_notebooks.errors import VtkError


def film(t=16, h=4, w=8, d=3):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(t) / 2)


@given(seed=st.integers(0, 500))
def test_exactly_the_whole_part_of_what_was_drawn_goes(seed):  # 16 frames of 32 tokens, as there
    drop = RandomTokenDrop(seed=seed)
    assert len(drop(film())) == 512 - int(drop.part * 512) == drop.count((16, 4, 8))[0]


def test_parts_lie_around_a_half_and_never_outside_their_bounds():
    parts = torch.tensor([RandomTokenDrop(seed=s).part for s in range(800)])
    assert parts.mean().item() == pytest.approx(0.5, abs=0.02)
    assert parts.std().item() == pytest.approx(0.1, abs=0.02)
    assert (parts.min() >= 0.1) & (parts.max() <= 0.7)
    wild = {RandomTokenDrop(std=9, seed=s).part for s in range(100)}
    assert wild >= {0.1, 0.7}


def test_what_stays_is_itself_and_in_order():
    tokens = film()
    out = RandomTokenDrop(seed=3)(tokens)
    cells = out.edges[:, 1]
    assert (cells.diff() > 0).all()
    assert torch.equal(out.x, tokens.x[cells])


def test_every_token_is_as_likely_to_stay():
    often = torch.zeros(64)
    for row in RandomTokenDrop(std=0, seed=1).stays(64, films=4000):
        often[row] += 1
    torch.testing.assert_close(often / 4000, torch.full((64,), 0.5), atol=0.04, rtol=0)


def test_films_of_a_batch_lose_as_many_tokens_but_not_the_same_ones():
    stays = RandomTokenDrop(seed=2).stays(100, films=2)
    assert stays.shape == (2, 100 - int(RandomTokenDrop(seed=2).part * 100))
    assert not torch.equal(stays[0], stays[1])
    assert torch.equal(stays[0], RandomTokenDrop(seed=2).stays(100)[0])


def test_another_seed_draws_another_part_and_other_tokens():
    a, b = RandomTokenDrop(seed=0), RandomTokenDrop(seed=1)
    assert a.part != b.part
    same = [RandomTokenDrop(std=0, seed=s).stays(64)[0] for s in (0, 1)]
    assert not torch.equal(*same)


@given(keep=st.floats(1e-20, 1), n=st.integers(1, 40))
def test_a_budget_leaves_nothing_to_chance_and_never_nothing(keep, n):
    left = RandomTokenDrop(seed=5).at(keep).count((1, 1, n))[0]
    assert 1 <= left <= n
    assert abs(left - keep * n) <= 1


@pytest.mark.parametrize(
    "wrong", [{"low": 0.8}, {"high": 1.2}, {"std": -1}, {"mean": float("nan")}]
)
def test_impossible_bounds_are_refused(wrong):
    with pytest.raises(VtkError, match="RandomTokenDrop expects"):
        RandomTokenDrop(**wrong)
