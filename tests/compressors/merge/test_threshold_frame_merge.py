from math import radians

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import BipartiteMerge, FrameMerge
from vtk_notebooks.cost import metered
from vtk_notebooks.errors import ShapeError, UnknownNameError, VtkError


def film(t=6, h=2, w=3, d=4, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) * 0.5)


def at_angles(*degrees, value=(1.0, 10.0, 100.0)):
    """Slots whose rows over two film frames lie at these angles, and that hold these values."""
    angle = torch.tensor([radians(d) for d in degrees])
    row = torch.stack([angle.cos(), angle.sin()], 1)
    row = row / row.sum(1, keepdim=True)
    n = torch.arange(len(degrees))
    grid = Tokens.from_grid(torch.zeros(2, 1, 1, 1), torch.arange(2) / 2)
    step = torch.cartesian_prod(n, torch.arange(2))
    return grid.derive(torch.tensor(value[: len(n)])[:, None], step, row.flatten(), "attn")


def chain_by_hand(like, threshold):
    """Groups as sets: each frame and the most alike earlier one, where that is alike enough."""
    group = list(range(len(like)))
    for i in range(1, len(like)):
        best = max(range(i), key=lambda j: like[i][j])
        if like[i][best] > threshold:
            group[i] = group[best]
    return group


def test_equal_frames_become_one_frame_their_mean():  # the paper's claim, in one line
    still = Tokens.from_grid(film(1).on_grid("test").expand(6, -1, -1, -1), torch.arange(6) / 2)
    out = FrameMerge()(still)
    torch.testing.assert_close(out.x, still.x[:6])
    assert out.mass().tolist() == [6] * 6


def test_a_chain_of_alike_slots_is_one_slot():
    out = FrameMerge(0.85, by="rows")(at_angles(0, 35, 70))
    assert out.x.flatten().tolist() == pytest.approx([37.0])


def test_the_released_form_loses_the_end_of_a_chain_if_asked_to():
    out = FrameMerge(0.85, by="rows", transitive=False)(at_angles(0, 35, 70))
    assert out.x.flatten().tolist() == pytest.approx([5.5])


def test_slots_that_are_told_apart_stay_apart():
    out = FrameMerge(0.95, by="rows")(at_angles(0, 35, 70))
    assert out.x.flatten().tolist() == pytest.approx([1.0, 10.0, 100.0])


def test_plain_frames_have_rows_that_are_not_alike_at_all():
    tokens = film()
    assert torch.equal(FrameMerge(by="rows")(tokens).x, tokens.x)


@given(seed=st.integers(0, 999), threshold=st.floats(0.1, 0.9), t=st.integers(1, 12))
def test_each_frame_joins_the_most_alike_earlier_one(seed, threshold, t):
    tokens = film(t, 1, 1, 2, seed)
    unit = torch.nn.functional.normalize(tokens.x, dim=-1)
    like = ((unit @ unit.T + 1) / 2).tolist()
    group = chain_by_hand(like, threshold)
    out = FrameMerge(threshold)(tokens)
    held = [out.edges[out.edges[:, 0] == k, 1].tolist() for k in range(len(out))]
    wanted = [[i for i in range(t) if group[i] == g] for g in sorted(set(group))]
    assert held == wanted


@given(seed=st.integers(0, 999), threshold=st.floats(0, 1))
def test_no_frame_is_lost(seed, threshold):
    out = FrameMerge(threshold)(film(seed=seed))
    assert sorted(out.edges[:, 1].tolist()) == list(range(36))


@given(seed=st.integers(0, 999), left=st.integers(1, 6))
def test_a_budget_merges_the_most_alike_frames_first(seed, left):
    tokens = film(seed=seed)
    out = FrameMerge().at(left / 6)(tokens)
    assert len(out) == left * 6
    finer = FrameMerge().at(min(1.0, (left + 1) / 6))(tokens)
    together = {frozenset(r) for r in _frames(out)}
    assert all(any(r <= g for g in together) for r in map(frozenset, _frames(finer)))


def _frames(tokens):
    return [
        sorted({c // 6 for t, c in tokens.edges.tolist() if t == k})
        for k in range(0, len(tokens), 6)
    ]


def test_places_stay_where_they_are():
    x = film(2).on_grid("test").clone()
    x[1] = x[0]
    out = FrameMerge(0.99)(Tokens.from_grid(x, torch.arange(2) / 2))
    assert [sorted(c % 6 for t, c in out.edges.tolist() if t == k) for k in range(6)] == [
        [k, k] for k in range(6)
    ]


def test_a_nan_makes_a_frame_like_no_other():
    still = film(1).on_grid("test").repeat(4, 1, 1, 1)
    still[2, 0, 0, 0] = torch.nan
    out = FrameMerge(0.9)(Tokens.from_grid(still, torch.arange(4) / 2))
    assert _frames(out) == [[0, 1, 3], [2]]


def test_frames_with_different_numbers_of_tokens_are_refused():
    some = film().select(torch.arange(35))
    with pytest.raises(ShapeError, match="Put it first"):
        FrameMerge()(some)
    assert len(FrameMerge(1.0)(BipartiteMerge(0.5)(film()))) == 18


@pytest.mark.parametrize("wrong", [{"threshold": 1.5}, {"keep": -0.5}])
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="FrameMerge expects"):
        FrameMerge(**wrong)


def test_an_unknown_way_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'rows'"):
        FrameMerge(by="row")


def test_comparing_frames_of_16_bits_holds_no_second_film_in_32():
    x = torch.ones(3600, 14, 14, 128, dtype=torch.bfloat16)  # an hour in few channels, 180 MB
    tokens = Tokens.from_grid(x, torch.arange(3600) / 2)
    frame = torch.arange(3600).repeat_interleave(196)
    with metered() as cost:
        FrameMerge().likeness(tokens, frame)
    assert cost.peak_bytes < tokens.x.nbytes
