import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.streaming.clusters import weighted_k_means


@given(n=st.integers(1, 12), k=st.integers(1, 12), seed=st.integers(0, 99))
def test_centres_with_their_weights_add_up_to_all_things(n, k, seed):
    k, draw = min(n, k), generator(seed)
    x, weight = torch.randn(n, 3, generator=draw), torch.rand(n, generator=draw) + 0.1
    share, mass = weighted_k_means(x, weight, k, draw)
    torch.testing.assert_close(mass @ (share @ x), weight @ x, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(share.sum(1), torch.ones(k))
    torch.testing.assert_close(mass.sum(), weight.sum())


def test_a_thing_that_stands_for_three_counts_as_three():
    x = torch.tensor([[0.0], [1.0], [50.0]])
    share, mass = weighted_k_means(x, torch.tensor([3.0, 1.0, 1.0]), 2, generator(0))
    near = int((share[:, 2] == 0).nonzero())
    assert share[near].tolist() == [0.75, 0.25, 0]
    assert mass.tolist()[near] == 4


def test_equal_things_leave_centres_that_weigh_nothing_and_are_things():
    share, mass = weighted_k_means(torch.ones(5, 2), torch.ones(5), 3, generator(0))
    assert sorted(mass.tolist()) == [0, 0, 5]
    torch.testing.assert_close(share @ torch.ones(5, 2), torch.ones(3, 2))


@pytest.mark.parametrize("seed", range(5))
def test_as_many_centres_as_things_are_the_things(seed):
    x = torch.randn(6, 2, generator=generator(seed))
    share, mass = weighted_k_means(x, torch.ones(6), 6, generator(seed))
    assert sorted(share.argmax(1).tolist()) == list(range(6))
    assert mass.tolist() == [1] * 6
