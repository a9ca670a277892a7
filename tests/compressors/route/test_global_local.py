import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from vtk_notebooks import Tokens
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.compressors.route.global_local import GlobalLocal, GlobalResidual
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def film(t=8, h=2, w=3, d=8, seed=0, dtype=torch.float32):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed), dtype=dtype)
    return Tokens.from_grid(x, torch.arange(t) / 2)


@pytest.fixture
def trained(tmp_path):
    """A residual whose layer up is not zero any more, and its file."""
    kernel = drawn(lambda: GlobalResidual(8), 0)
    nn.init.normal_(kernel.up.weight, generator=torch.Generator().manual_seed(1))
    return kernel, save_kernel(kernel, tmp_path / "residual.safetensors")


def test_before_training_the_tokens_are_those_of_the_chosen_frames_bit_for_bit():
    tokens = film(t=64)
    out = GlobalLocal(16)(tokens)
    assert torch.equal(out.x, tokens.on_grid("")[2::4].flatten(0, 2))
    assert out.kind == "hard"
    assert not drawn(lambda: GlobalResidual(8), 0)(torch.randn(2, 5, 3, 8)).any()


def test_64_frames_of_32_tokens_become_512():
    assert GlobalLocal(16).centres(64).tolist() == list(range(2, 64, 4))
    assert len(GlobalLocal(16)(film(t=64, h=4, w=8))) == 512


@given(t=st.integers(1, 300), k=st.integers(1, 300))
def test_frames_are_chosen_once_in_order_and_one_from_near_each_segment(t, k):
    chosen = GlobalLocal(k).centres(t)
    many, size = min(t, k), t / min(t, k)
    assert len(chosen) == many
    assert (chosen.diff() > 0).all()
    middle = size * (torch.arange(many) + 0.5)
    assert ((chosen + 0.5 - middle).abs() <= 1).all()
    assert 0 <= chosen[0] <= chosen[-1] < t


def test_each_chosen_token_hears_the_mean_of_all_frames_at_its_place(trained):
    kernel, file = trained
    frames = film().on_grid("")
    down = (frames.mean(0) @ kernel.down.weight.T + kernel.down.bias).clamp_min(0)
    told = down @ kernel.up.weight.T + kernel.up.bias
    out = GlobalLocal(2, file=file)(film())
    torch.testing.assert_close(out.x, (frames[[2, 6]] + told).flatten(0, 2))
    assert told.norm() > 0.5


def test_what_a_token_heard_is_in_its_provenance(trained):
    out = GlobalLocal(2, file=trained[1])(film())
    assert out.kind == "receptive"
    heard = [sorted(out.edges[out.edges[:, 0] == k, 1].tolist()) for k in range(len(out))]
    assert heard == 2 * [[6 * t + place for t in range(8)] for place in range(6)]


def test_only_the_mean_is_heard_not_the_order_of_the_frames(trained):
    tokens = film()
    x = tokens.on_grid("").clone()
    x[[0, 7]] = x[[7, 0]]  # neither is chosen
    swapped = Tokens.from_grid(x, tokens.times_s)
    both = (GlobalLocal(2, file=trained[1])(each).x for each in (tokens, swapped))
    torch.testing.assert_close(*both)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_a_trained_residual_answers_in_the_precision_of_the_tokens(trained, dtype):
    out = GlobalLocal(2, file=trained[1])(film(dtype=dtype))
    assert out.x.dtype == dtype
    assert out.x.isfinite().all()


def test_the_layer_up_learns_first_and_down_after_it():
    kernel = drawn(lambda: GlobalResidual(8), 0).train()
    assert not kernel.down.bias.any()
    kernel(film().on_grid("").flatten(1, 2)[None]).sum().backward()
    assert kernel.up.weight.grad is not None
    assert kernel.down.weight.grad is not None
    assert kernel.up.weight.grad.abs().sum() > 0
    assert kernel.down.weight.grad.abs().sum() == 0


def test_a_residual_trained_for_other_tokens_is_refused(trained, tmp_path):
    with pytest.raises(ShapeError, match="8 channels"):
        GlobalLocal(2, file=trained[1])(film(d=6))
    with pytest.raises(WeightsError, match="GlobalResidual"):
        GlobalLocal(2, file=str(tmp_path / "nowhere.safetensors"))(film())


@pytest.mark.parametrize("wrong", [{"frames": 0}, {"keep": 1.5}, {"keep": float("nan")}])
def test_impossible_numbers_are_refused(wrong):
    with pytest.raises(VtkError, match="GlobalLocal expects"):
        GlobalLocal(**wrong)
