import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from vtk_notebooks.errors import VtkError
from vtk_notebooks.objectives.multi_event import MultiEventLoss, multi_positive_ce


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def events(*counts):
    """True sentences, film by film."""
    owner = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    return torch.arange(len(counts))[:, None] == owner


@pytest.mark.parametrize("disjoint", [True, False])
@given(seed=st.integers(0, 99), n=st.integers(1, 6))
def test_with_one_sentence_per_film_it_is_plain_cross_entropy(disjoint, seed, n):
    similarity, right = draw(n, n, seed=seed), torch.arange(n)
    terms = MultiEventLoss(disjoint=disjoint)(similarity, torch.eye(n).bool())
    torch.testing.assert_close(terms["v2t"], cross_entropy(similarity, right))
    torch.testing.assert_close(terms["t2v"], cross_entropy(similarity.T, right))


def test_a_films_sentences_do_not_push_each_other_away():
    true = events(3, 2)
    perfect = 1000 * true.double()
    assert MultiEventLoss()(perfect, true)["total"].item() == pytest.approx(0, abs=1e-12)
    held = MultiEventLoss(disjoint=False)(perfect, true)["v2t"].item()
    assert held == pytest.approx((math.log(3) + math.log(2)) / 2)


def test_a_better_true_sentence_leaves_the_cost_of_the_others_as_it_is():
    similarity, true = draw(1, 4), torch.tensor([[True, True, False, False]])
    raised = similarity.clone()
    raised[0, 0] += 5

    def other(x):
        cost = 2 * multi_positive_ce(x, true)
        return cost - multi_positive_ce(x[:, [0, 2, 3]], true[:, [0, 2, 3]])

    torch.testing.assert_close(other(raised), other(similarity))


@given(seed=st.integers(0, 99))
def test_films_and_sentences_may_come_in_any_order(seed):
    similarity, true = draw(3, 6, seed=seed), events(1, 3, 2)
    rows = torch.randperm(3, generator=torch.Generator().manual_seed(seed))
    columns = torch.randperm(6, generator=torch.Generator().manual_seed(seed))
    a = MultiEventLoss()(similarity, true)
    b = MultiEventLoss()(similarity[rows][:, columns], true[rows][:, columns])
    for name, term in a.items():
        torch.testing.assert_close(b[name], term)


def test_every_film_counts_alike_however_many_sentences_it_has():
    similarity, true = draw(2, 5), events(4, 1)
    each = [multi_positive_ce(similarity[k : k + 1], true[k : k + 1]) for k in range(2)]
    torch.testing.assert_close(multi_positive_ce(similarity, true), sum(each) / 2)


def test_a_film_of_which_all_sentences_are_true_costs_nothing_and_has_finite_gradients():
    similarity = draw(1, 3).requires_grad_()
    cost = MultiEventLoss()(similarity, events(3))["v2t"]
    cost.backward()
    assert cost == 0
    assert similarity.grad is not None
    assert similarity.grad.isfinite().all()


def test_alpha_weighs_the_sentences_side():
    similarity, true = draw(2, 5), events(4, 1)
    terms = MultiEventLoss(alpha=0.25)(similarity, true)
    assert terms["total"] == terms["v2t"] + 0.25 * terms["t2v"]


def test_a_film_without_a_sentence_is_refused():
    with pytest.raises(VtkError, match="1 rows without one"):
        MultiEventLoss()(draw(2, 2), torch.tensor([[True, True], [False, False]]))
