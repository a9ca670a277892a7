import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.intervention import Commonsense, intervene
from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.errors import VtkError


def tables(seed):
    draw = generator(seed)
    y = torch.rand(2, 2, 2, generator=draw, dtype=torch.float64) + 0.05  # x z y
    z, x = (torch.rand(n, generator=draw, dtype=torch.float64) + 0.05 for n in (2, (2, 2)))
    return y / y.sum(-1, keepdim=True), z / z.sum(), x / x.sum(0)  # P(y|xz), P(z), P(x|z)


def conditioned(y, z, x):
    joint = torch.einsum("x z y, z, x z -> x z y", y, z, x).sum(1)
    return joint / joint.sum(-1, keepdim=True)


@given(seed=st.integers(0, 999))
def test_it_is_what_is_counted_in_the_table(seed):
    y, z, _ = tables(seed)
    p = intervene(y, z)
    for i in range(2):
        for j in range(2):
            assert p[i, j].item() == pytest.approx(sum((y[i, k, j] * z[k]).item() for k in (0, 1)))


@given(seed=st.integers(0, 999))
def test_it_is_conditioning_when_the_cause_does_not_depend_on_the_confounder(seed):
    y, z, x = tables(seed)
    alike = x.mean(1, keepdim=True).expand(2, 2)
    torch.testing.assert_close(intervene(y, z), conditioned(y, z, alike))


def test_it_is_not_conditioning_when_a_confounder_brings_both():
    y = torch.tensor([[0.8, 0.2], [0.2, 0.8]]).expand(2, 2, 2)
    z, x = torch.tensor([0.5, 0.5]), torch.tensor([[0.9, 0.1], [0.1, 0.9]])
    torch.testing.assert_close(intervene(y, z), torch.full((2, 2), 0.5))
    torch.testing.assert_close(conditioned(y, z, x), torch.tensor([[0.74, 0.26], [0.26, 0.74]]))


@pytest.mark.parametrize("prior", [[0.5, 0.6], [1.5, -0.5]])
def test_what_is_no_probability_is_refused(prior):
    with pytest.raises(VtkError):
        intervene(torch.full((2, 2, 2), 0.5), torch.tensor(prior))


def kernel():
    return drawn(lambda: Commonsense(6, 4, 5), 0)


@torch.no_grad()
def test_with_even_attention_the_feature_is_the_priors_mean_of_the_dictionary():
    made = kernel()
    made.key.weight.zero_()
    prior = torch.tensor([0.1, 0.2, 0.3, 0.4])
    feature = made(torch.randn(3, 6, generator=generator(0)), made.dictionary, prior)
    torch.testing.assert_close(feature, (prior @ made.dictionary / 4).expand(3, 6))


@torch.no_grad()
def test_a_confounder_that_never_is_counts_for_nothing():
    made, x = kernel(), torch.randn(3, 6, generator=generator(0))
    prior = torch.tensor([0.5, 0.5, 0.0, 0.0])
    moved = made.dictionary.clone()
    share = ((made.ask(x) @ made.key(moved).T) / 5**0.5).softmax(-1)
    expected = (share[:, :2] / 2) @ moved[:2]
    torch.testing.assert_close(made(x, moved, prior), expected)


def test_an_entry_is_of_its_own_class():
    made = kernel()
    classes, away = made.classes(3 * made.dictionary)
    assert classes.tolist() == [0, 1, 2, 3]
    torch.testing.assert_close(away, torch.zeros(4), atol=1e-6, rtol=0)
