import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from vtk_notebooks.errors import VtkError
from vtk_notebooks.objectives.soft_match import SoftMatch, soft_target


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def at(*frames):
    return torch.tensor(frames, dtype=torch.float64)


def test_the_target_halves_with_every_frame_away_from_the_right_one():
    assert soft_target(at(2), 5, 2).tolist() == [[0.25, 0.5, 1.0, 0.5, 0.25]]


def test_the_target_is_not_scaled_between_frames_it_peaks_between_them():
    sums = soft_target(at(2, 0.6), 7, 2).sum(1).tolist()
    assert sums == pytest.approx([2.6875, 2.1518], abs=5e-5)


@given(seed=st.integers(0, 99), t=st.integers(1, 9))
def test_with_a_steep_target_it_is_plain_cross_entropy(seed, t):
    logits = draw(3, t, seed=seed)
    right = torch.randint(t, (3,), generator=torch.Generator().manual_seed(seed))
    ours = SoftMatch(alpha=1e12)(logits, right.double())["total"]
    torch.testing.assert_close(ours, cross_entropy(logits, right), rtol=1e-6, atol=1e-6)


def test_it_is_the_cross_entropy_of_torch_with_that_target():
    logits, where = draw(4, 6), at(0, 2.5, 3, 5)
    expected = cross_entropy(logits, soft_target(where, 6, 2))
    torch.testing.assert_close(SoftMatch()(logits, where)["match"], expected)


@given(seed=st.integers(0, 99), value=st.floats(-50, 50))
def test_frames_that_do_not_exist_change_nothing_and_get_no_gradient(seed, value):
    logits = draw(2, 5, seed=seed)
    long = torch.nn.functional.pad(logits, (0, 3), value=value).requires_grad_()
    mask = torch.arange(8).expand(2, 8) < 5
    ours = SoftMatch()(long, at(1, 4), mask)["total"]
    torch.testing.assert_close(ours, SoftMatch()(logits, at(1, 4))["total"])
    ours.backward()
    assert long.grad is not None
    assert not long.grad[:, 5:].any()
    assert long.grad.isfinite().all()


def test_it_is_least_where_the_logits_say_what_the_target_says():
    where = at(1)
    right = soft_target(where, 5, 2)
    best = SoftMatch()(right.log(), where)["total"]
    for seed in range(20):
        assert SoftMatch()(right.log() + 0.1 * draw(1, 5, seed=seed), where)["total"] >= best


def test_normalised_the_target_adds_up_to_one():
    logits, where = draw(2, 6), at(0, 3)
    target = soft_target(where, 6, 2)
    expected = cross_entropy(logits, target / target.sum(1, keepdim=True))
    torch.testing.assert_close(SoftMatch(normalised=True)(logits, where)["total"], expected)


@pytest.mark.parametrize("alpha", [1.0, 0.5, float("nan")])
def test_a_target_that_does_not_fall_is_refused(alpha):
    with pytest.raises(VtkError, match="alpha"):
        SoftMatch(alpha)
