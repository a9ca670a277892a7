from itertools import permutations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets, even_clips
from vtk_notebooks.blocks.grounding.intervals import giou, to_centre, to_ends
from vtk_notebooks.blocks.grounding.labels import Labels
from vtk_notebooks.objectives.set_prediction import SetPredictionLoss, clip_pairs


def rand(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def said(n=5, b=2, seed=0):
    spans = rand(b, n, 2, seed=seed) * torch.tensor([0.5, 0.4]) + torch.tensor([0.25, 0.01])
    truths = [torch.tensor([[0.1, 0.3], [0.5, 0.9]]), torch.tensor([[0.2, 0.6]])][:b]
    return spans, 4 * rand(b, n, 2, seed=seed + 1) - 2, truths


@settings(max_examples=30)
@given(n=st.integers(2, 6), seed=st.integers(0, 999))
def test_the_matching_is_the_cheapest_of_all(n, seed):
    loss, (spans, logits, truths) = SetPredictionLoss(), said(n, seed=seed)
    far = (spans[0][:, None] - to_centre(truths[0])).abs().sum(-1)
    cost = 10 * far - giou(to_ends(spans[0])[:, None], truths[0])
    cost = cost - 4 * logits[0].softmax(-1)[:, :1]
    least = min(sum(cost[p, g] for g, p in enumerate(row)) for row in permutations(range(n), 2))
    rows, columns = loss.match(spans, logits, truths)[0]
    assert cost[rows, columns].sum().item() == pytest.approx(float(least), abs=1e-5)


@given(order=st.permutations(range(5)))
def test_the_order_of_queries_costs_nothing(order):
    loss, (spans, logits, truths) = SetPredictionLoss(), said()
    a = loss.of_layer(spans, logits, truths)
    b = loss.of_layer(spans[:, order], logits[:, order], truths)
    for name, term in a.items():
        torch.testing.assert_close(term, b[name])


def test_perfect_proposals_that_are_sure_cost_nothing():
    spans, logits, truths = said()
    logits = torch.tensor([-50.0, 50.0]).expand_as(logits).clone()
    for i, true in enumerate(truths):
        spans[i, : len(true)] = to_centre(true)
        logits[i, : len(true)] *= -1
    terms = SetPredictionLoss().of_layer(spans, logits, truths)
    assert all(term.item() == pytest.approx(0, abs=1e-6) for term in terms.values())


def test_what_is_matched_with_nothing_pays_a_tenth_and_only_for_its_label():
    loss, (spans, logits, truths) = SetPredictionLoss(), said()
    matched = {int(p) for p in loss.match(spans, logits, truths)[0][0]}
    other = next(i for i in range(5) if i not in matched)
    spans.requires_grad_()
    logits.requires_grad_()
    terms = loss.of_layer(spans, logits, truths)
    slope = torch.autograd.grad(terms["span"] + terms["giou"], spans, retain_graph=True)[0]
    assert not slope[0, other].any()
    assert slope[0, sorted(matched)].any(1).all()
    [by_logit] = torch.autograd.grad(terms["label"], logits)
    p = logits[0, other].softmax(0)[0].item()
    assert by_logit[0, other, 0].item() == pytest.approx(0.1 * p / 10, rel=1e-4)


def test_saliency_pays_where_the_margin_is_not_kept():
    saliency = torch.tensor([[1.0, 0.9, 0.0]])
    high, low = torch.tensor([[0, 0]]), torch.tensor([[1, 2]])
    loss = SetPredictionLoss()
    assert loss.of_pairs(saliency, high, low).item() == pytest.approx(2 * 0.1 / 2)
    none = torch.tensor([[False, True]])
    assert loss.of_pairs(saliency, high, low, none) == 0


@given(seed=st.integers(0, 999))
def test_pairs_are_a_clip_inside_and_one_outside(seed):
    f = torch.tensor([[0, 1, 1, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 1, 1]]).bool()
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]).bool()
    labels = Labels(f, torch.zeros(3, 5, 2), f.float())
    high, low, there = clip_pairs(labels, mask, seed)
    assert f.gather(1, high).all()
    assert not f.gather(1, low)[:2].any()
    assert mask.gather(1, low)[:2].all()
    assert there.tolist() == [[True, True], [True, True], [False, False]]


def test_where_clips_inside_differ_the_most_and_the_least_salient_are_a_pair():
    f = torch.tensor([[False, True, True, True]])
    labels = Labels(f, torch.zeros(1, 4, 2), torch.tensor([[0.0, 0.5, 0.9, 0.2]]))
    high, low, there = clip_pairs(labels, torch.ones_like(f), 0)
    assert (high[0, 1], low[0, 1]) == (2, 3)
    assert there.all()


def test_earlier_layers_pay_like_the_last_one():
    spans, logits, truths = said(b=1)
    f = torch.tensor([[False, True, True, False]])
    labels = Labels(f, torch.zeros(1, 4, 2), f.float())
    there, clips = torch.ones(1, 2).bool(), even_clips(torch.ones_like(f))
    targets = Targets(
        truths[0][None], there, labels, torch.tensor([0.2]), torch.ones_like(f), clips
    )
    aux = {"centre_width": spans.repeat(3, 1, 1, 1), "logits": logits.repeat(3, 1, 1, 1)}
    out = Grounding(to_ends(spans), logits.softmax(-1)[..., 0], torch.zeros(1, 4), aux)
    loss = SetPredictionLoss()
    terms = loss.terms(out, targets)
    assert set(terms) == set(loss.weights)
    for name in ("span", "giou", "label"):
        assert terms[f"early_{name}"].item() == pytest.approx(2 * terms[name].item(), rel=1e-5)
