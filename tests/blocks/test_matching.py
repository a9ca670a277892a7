import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.matching import (
    average,
    best_partner,
    by_first_member,
    tome_groups,
    tome_round,
)

SEEDS = st.integers(0, 9999)


def noise(n, d=6, seed=0, b=1):
    return torch.randn(b, n, d, generator=torch.Generator().manual_seed(seed))


def published_round(x, r, class_token=False, first=False):
    """ToMe's round on one list, token by token: the members of what is left, in its order.

    Of equally alike partners the last one is taken, or the `first`.
    """
    unit = torch.nn.functional.normalize(x, dim=-1)
    a, b = list(range(0, len(x), 2)), list(range(1, len(x), 2))
    order = b if first else b[::-1]
    best = {i: max(((float(unit[i] @ unit[j]), j) for j in order), key=lambda k: k[0]) for i in a}
    if class_token:
        best[0] = (float("-inf"), b[0])
    ranked = sorted(a, key=lambda i: -best[i][0])
    stays = sorted(ranked[r:]) if class_token else ranked[r:]
    held = {j: [j] for j in b}
    for i in ranked[:r]:
        held[best[i][1]].append(i)
    return [[i] for i in stays] + [sorted(held[j]) for j in b]


def members(group):
    return [(group == k).nonzero().flatten().tolist() for k in range(int(group.max()) + 1)]


@given(seed=SEEDS, n=st.integers(2, 21), part=st.floats(0, 1))
def test_a_round_leaves_the_published_groups_in_the_published_order(seed, n, part):
    x, r = noise(n, seed=seed), max(1, round(part * (n // 2)))
    assert members(tome_round(x, r)[0]) == published_round(x[0], r)


@given(seed=SEEDS, n=st.integers(4, 21), part=st.floats(0, 1))
def test_a_class_token_stays_first_and_alone(seed, n, part):
    x, r = noise(n, seed=seed), max(1, round(part * ((n - 1) // 2)))
    found = members(tome_round(x, r, class_token=True)[0])
    assert found[0] == [0]
    assert found == published_round(x[0], r, class_token=True)


def test_197_tokens_that_merge_50_are_147_and_never_fewer_than_half():
    assert int(tome_round(noise(197), 50)[0].max()) + 1 == 147
    assert int(tome_round(noise(197), 500, class_token=True)[0].max()) + 1 == 197 - 98
    assert members(tome_round(noise(5), 0)[0]) == [[0], [1], [2], [3], [4]]
    assert tome_round(noise(1), 3).tolist() == [[0]]


def rounds_by_hand(x, mass, left, forget):
    """Means of all members after rounds of the published kind, with and without sizes."""
    held, mean, size = [[i] for i in range(len(x))], x, mass
    while len(held) > left:
        step = published_round(mean, min(len(held) - left, len(held) // 2))
        mean = torch.stack([(mean[m] * size[m, None]).sum(0) / size[m].sum() for m in step])
        size = torch.stack([size[m].sum() for m in step])
        size = torch.ones_like(size) if forget else size
        held = [sorted(i for k in m for i in held[k]) for m in step]
    return held, mean


@pytest.mark.parametrize("forget", [False, True])
@given(seed=SEEDS, n=st.integers(1, 24), left=st.integers(1, 24))
def test_groups_and_shares_are_those_of_round_after_round(forget, seed, n, left):
    x = noise(n, seed=seed).double()
    mass = torch.randint(1, 5, (1, n), generator=torch.Generator().manual_seed(seed)).double()
    group, share = tome_groups(x, mass, left, forget_sizes=forget)
    held, mean = rounds_by_hand(x[0], mass[0], left, forget)
    assert members(group[0]) == held
    assert len(held) == min(left, n)
    rebuilt = torch.zeros_like(mean).index_add(0, group[0], share[0][:, None] * x[0])
    torch.testing.assert_close(rebuilt, mean)


def test_forgetting_sizes_favours_who_joins_late():
    x = torch.tensor([[[1.0, 0.0], [1.0, 0.01], [1.0, 0.0], [1.0, 0.012], [0.5, 0.4]]])
    mass = torch.ones(1, 5)
    assert tome_groups(x, mass, 1)[1].unique().tolist() == pytest.approx([0.2])
    assert tome_groups(x, mass, 1, forget_sizes=True)[1].max() > 0.2


def test_lists_of_a_batch_do_not_know_each_other():
    both = torch.cat([noise(12), noise(12, seed=1)])
    mass = torch.ones(2, 12)
    for k in range(2):
        alone = tome_groups(both[k : k + 1], mass[:1], 3)[0]
        assert torch.equal(alone[0], tome_groups(both, mass, 3)[0][k])


def test_a_nan_is_like_no_other_and_spoils_nothing():
    spoiled, zero = noise(12), noise(12)
    spoiled[0, 4:6], zero[0, 4:6] = torch.nan, 0
    score, partner = best_partner(spoiled[:, ::2], spoiled[:, 1::2])
    assert score[0, 2] == 0
    assert torch.equal(score, best_partner(zero[:, ::2], zero[:, 1::2])[0])
    assert torch.equal(partner, best_partner(zero[:, ::2], zero[:, 1::2])[1])


@given(seed=SEEDS, n=st.integers(2, 21), r=st.integers(1, 10))
def test_of_pairs_that_are_equally_alike_the_first_merge(seed, n, r):
    side = noise(n, 1, seed).sign()  # one channel: every cosine is 1 or -1, whatever the lengths
    expected = published_round(side[0], min(r, n // 2), first=True)
    assert members(tome_round(noise(n, 1, seed), r)[0]) == expected
    assert members(tome_round(side, r)[0]) == expected


def test_groups_can_be_numbered_by_first_members():
    group = torch.tensor([[2, 0, 2, 1], [0, 1, 2, 3]])
    assert by_first_member(group).tolist() == [[0, 1, 0, 2], [0, 1, 2, 3]]


def test_means_are_weighted_by_mass():
    x, mass = torch.tensor([[[1.0], [4.0], [7.0]]]), torch.tensor([[1.0, 2.0, 5.0]])
    mean, total = average(x, mass, torch.tensor([[1, 1, 0]]), 2)
    assert mean.flatten().tolist() == pytest.approx([7.0, 3.0])
    assert total.tolist() == [[5.0, 3.0]]


def test_lists_may_go_through_the_rounds_a_few_at_a_time(monkeypatch):
    x, mass = noise(12, b=5), torch.ones(5, 12)
    group, share = tome_groups(x, mass, 3)
    monkeypatch.setattr("vtk_notebooks.blocks.matching._MOST_FLOATS", 2 * 12 * 6)
    some, its = tome_groups(x, mass, 3)
    assert torch.equal(some, group)
    assert torch.equal(its, share)


@pytest.mark.parametrize("floats", [2 * 6, 2 * 5 * 6])  # one column at a time, and several
def test_partners_are_the_same_however_few_are_compared_at_once(floats, monkeypatch):
    a, b = noise(9, b=2), noise(11, seed=1, b=2)
    score, partner = best_partner(a, b)
    monkeypatch.setattr("vtk_notebooks.blocks.matching._MOST_FLOATS", floats)
    some, its = best_partner(a, b)
    assert torch.equal(its, partner)
    torch.testing.assert_close(some, score)
