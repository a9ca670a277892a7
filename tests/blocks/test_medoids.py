from itertools import combinations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.medoids import medoids
from vtk_notebooks.errors import VtkError


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def cost(x, chosen):
    return torch.cdist(x, x[list(chosen)]).amin(1).sum().item()


def test_clusters_that_lie_apart_are_found_whatever_the_start():
    x = torch.cat([10.0 * k + 0.1 * draw(6, 2, seed=k) for k in range(3)])
    for seed in range(10):
        chosen, owner = medoids(x, 3, seed=seed)
        assert owner.tolist() == [0] * 6 + [1] * 6 + [2] * 6
        for k in range(3):
            cluster = x[6 * k : 6 * k + 6]
            assert chosen[k] == 6 * k + torch.cdist(cluster, cluster).sum(1).argmin()


@given(seed=st.integers(0, 99), n=st.integers(1, 9), k=st.integers(1, 9))
def test_everyone_belongs_to_the_nearest_medoid_and_a_medoid_to_itself(seed, n, k):
    x = draw(n, 3, seed=seed)
    chosen, owner = medoids(x, k, seed=seed)
    assert len(chosen.unique()) == min(k, n)
    assert chosen.tolist() == sorted(chosen.tolist())
    assert owner[chosen].tolist() == list(range(len(chosen)))
    away = torch.cdist(x, x[chosen])
    torch.testing.assert_close(away.gather(1, owner[:, None])[:, 0], away.amin(1))


@given(seed=st.integers(0, 49))
def test_where_it_rests_no_medoid_would_rather_be_another_member_of_its_cluster(seed):
    x = draw(8, 2, seed=seed)
    chosen, owner = medoids(x, 2, seed=seed)
    for k in range(2):
        members = (owner == k).nonzero()[:, 0].tolist()
        sums = [(x[members] - x[i]).norm(dim=1).sum().item() for i in members]
        assert sums[members.index(int(chosen[k]))] <= min(sums) + 1e-9


def test_the_best_of_some_starts_is_nearly_the_best_there_is():
    x = draw(9, 2)
    found = min(cost(x, medoids(x, 3, seed=seed)[0].tolist()) for seed in range(10))
    best = min(cost(x, pick) for pick in combinations(range(9), 3))
    assert found <= 1.05 * best


def test_copies_do_not_leave_a_medoid_without_members():
    chosen, owner = medoids(torch.zeros(5, 2), 3)
    assert len(chosen) == len(owner.unique()) == 3


def test_equal_seeds_give_equal_medoids_and_leave_the_global_generator_alone():
    state = torch.random.get_rng_state()
    one, two = (medoids(draw(9, 2), 4, seed=3)[0] for _ in range(2))
    assert torch.equal(one, two)
    assert torch.equal(state, torch.random.get_rng_state())


def test_no_medoids_are_refused():
    with pytest.raises(VtkError, match="medoids"):
        medoids(draw(3, 2), 0)
