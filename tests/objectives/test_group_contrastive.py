import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets, even_clips
from vtk_notebooks.blocks.grounding.labels import Labels
from vtk_notebooks.objectives.group_contrastive import GroupContrastive

FILM = torch.tensor([0, 1])


def rand(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@given(seed=st.integers(0, 99))
def test_with_one_positive_it_is_infonce(seed):
    moments, text = rand(2, 5, 4, seed=seed), rand(2, 4, seed=seed + 1)
    inside = torch.zeros(2, 5).bool()
    inside[:, 2] = True
    loss = GroupContrastive(topk=1)(moments, text, FILM, inside, torch.ones(2, 5))
    alike = normalize(text, dim=-1) @ normalize(moments.flatten(0, 1), dim=-1).T / 0.1
    plain = -alike.log_softmax(1)[[0, 1], [2, 7]].mean()
    torch.testing.assert_close(loss, plain)


def test_moments_with_the_glance_that_are_not_the_likeliest_count_for_nothing():
    moments, text = rand(2, 5, 4), rand(2, 4, seed=1)
    inside = torch.tensor([[True, True, True, False, False]] * 2)
    prior = torch.tensor([[1.0, 0.9, 1e-6, 1e-6, 1e-6]] * 2)
    text = normalize(moments[:, :2], dim=-1).sum(1)
    loss = GroupContrastive(topk=2)
    other = moments.clone()
    other[0, 2] = rand(4, seed=5) * 0.01 - text[0]
    own = (moments[:1], text[:1], FILM[:1], inside[:1], prior[:1])
    changed = (other[:1], *own[1:])
    torch.testing.assert_close(loss(*own), loss(*changed))
    other[0, 4] = text[0]
    assert loss(*changed) > loss(*own)


def test_only_the_glance_of_what_is_true_is_looked_at():
    b, parts = 2, 4
    f = torch.zeros(b, 6).bool()
    labels = Labels(f, torch.zeros(b, 6, 2), f.float())
    mask = torch.ones(b, 6).bool()
    spans, there = torch.tensor([[[0.0, 1.0]]] * b), torch.ones(b, 1).bool()
    truth = Targets(spans, there, labels, torch.tensor([0.1, 0.9]), mask, even_clips(mask))
    aux = {"parts": rand(b, parts, 8), "moments": rand(b, 10, 4), "text": rand(b, 4, seed=3)}
    out = Grounding(torch.zeros(b, 10, 2), torch.zeros(b, 10), torch.zeros(b, 6), aux)
    loss = GroupContrastive()
    lie = truth._replace(spans=spans / 2, labels=Labels(~f, labels.b, labels.s + 1))
    assert loss.terms(out, truth)["group"] == loss.terms(out, lie)["group"]
    elsewhere = truth._replace(glance=torch.tensor([0.6, 0.4]))
    assert loss.terms(out, truth)["group"] != loss.terms(out, elsewhere)["group"]


def test_moments_turned_to_their_sentence_cost_less():
    moments, text = rand(2, 5, 4), rand(2, 4, seed=1)
    inside = torch.tensor([[True, True, False, False, False]] * 2)
    turned = moments.clone()
    turned[:, :2] = text[:, None]
    loss = GroupContrastive(topk=2)
    args = (text, FILM, inside, torch.ones(2, 5))
    assert loss(turned, *args) < loss(moments, *args)
