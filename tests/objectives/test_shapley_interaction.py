import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.objectives.shapley_interaction import (
    ShapleyInteraction,
    interaction,
    interactions,
    matched,
)


def rand(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@given(seed=st.integers(0, 99), pair=st.tuples(st.integers(0, 2), st.integers(0, 3)))
def test_where_the_value_adds_up_nobody_gains_by_another(seed, pair):
    a, b = rand(3, seed=seed).double(), rand(4, seed=seed + 1).double()
    gain = interaction(lambda s, m: a[s].sum() + b[m].sum(), (3, 4), pair)
    assert gain.item() == pytest.approx(0, abs=1e-9)


def test_who_is_worth_something_only_together_gains_all_of_it():
    def value(s, m):
        return torch.tensor(1.0 if 0 in s and 1 in m else 0.0)

    assert interaction(value, (2, 2), (0, 1)) == 1
    assert interaction(value, (2, 2), (1, 0)) == 0
    assert interaction(value, (2, 2), (0, 0)) == 0


@given(seed=st.integers(0, 99))
def test_a_match_lies_between_0_and_1_whoever_stays_away(seed):
    alike = rand(3, 4, seed=seed)
    assert 0 < matched(alike) <= 1
    assert matched(alike[:0]) == matched(alike[:, :0]) == 0


@given(order=st.permutations(range(3)))
def test_interactions_go_with_their_sentences_and_moments(order):
    alike = rand(3, 3)
    turned = interactions(alike[order][:, order])
    torch.testing.assert_close(turned, interactions(alike)[order][:, order])


def test_a_pair_that_matches_interacts_most():
    gain = interactions(10 * torch.eye(3))
    assert gain.argmax(1).tolist() == [0, 1, 2]


def test_pairs_that_match_cost_less_and_labels_get_no_gradient():
    loss, alike = ShapleyInteraction(), (0.5 * torch.eye(3)).requires_grad_()
    assert loss(torch.eye(3)) < loss(alike)
    (slope,) = torch.autograd.grad(loss(alike), alike)
    assert slope.isfinite().all()
    assert (slope.diagonal() < 0).all()
    label = interactions(alike.detach() / loss.tau).clamp_min(0)
    label = label / label.norm()
    share = (alike / loss.tau).softmax(1)
    expected = (share * label.sum(1, keepdim=True) - label) / loss.tau / 3
    torch.testing.assert_close(slope, expected, atol=1e-5, rtol=1e-4)
