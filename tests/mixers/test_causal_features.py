import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.intervention import Commonsense
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.mixers.causal_features import CausalFeatures, confounders
from vtk_notebooks.tokens import Tokens


def film(width=6):
    x = torch.randn(4, 2, 2, width, generator=generator(0))
    return Tokens.from_grid(x, torch.arange(4) / 2, space="made")


@given(seed=st.integers(0, 99), n=st.integers(1, 30), entries=st.integers(1, 9))
def test_the_confounders_prior_weighs_them_to_the_films_mean(seed, n, entries):
    x = torch.randn(n, 5, generator=generator(seed))
    z, prior = confounders(x, entries)
    assert len(z) == min(n, entries)
    torch.testing.assert_close(prior.sum(), torch.tensor(1.0))
    torch.testing.assert_close(prior @ z, x.mean(0))


@given(gain=st.floats(0, 2))
def test_it_speaks_as_loud_as_it_is_asked_to(gain):
    tokens = film()
    told = CausalFeatures(gain=gain)(tokens).x - tokens.x
    loud = told.square().mean(-1).sqrt() / tokens.x.square().mean(-1).sqrt()
    torch.testing.assert_close(loud, torch.full((16,), gain), atol=1e-4, rtol=1e-3)


def test_a_trained_kernel_adds_its_own_causal_features(tmp_path):
    kernel, tokens = drawn(lambda: Commonsense(6, 3, 4), 1), film()
    out = CausalFeatures(file=save_kernel(kernel, tmp_path / "a.safetensors"))(tokens)
    torch.testing.assert_close(out.x, tokens.x + kernel(tokens.x).detach())
    with pytest.raises(ShapeError):
        CausalFeatures(file=str(tmp_path / "a.safetensors"))(film(8))


@pytest.mark.parametrize("sizes", [{"entries": 0}, {"inner": 0}])
def test_impossible_sizes_are_refused(sizes):
    with pytest.raises(VtkError):
        CausalFeatures(**sizes)
