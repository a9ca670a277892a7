from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens, build
from vtk_notebooks.blocks.kernels import drawn, loudness, save_kernel
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError
from vtk_notebooks.mixers import bidirectional_ssm
from vtk_notebooks.mixers.bidirectional_ssm import (
    BidirectionalMamba,
    BidirectionalSSM,
    MambaBlock,
    scan,
    selective_scan,
)

close = partial(torch.testing.assert_close, atol=1e-5, rtol=1e-5)


def draw(*shape, seed=0, dtype=torch.float32):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def film(t=4, h=2, w=3, d=8, seed=0, dtype=torch.float32):
    return Tokens.from_grid(draw(t, h, w, d, seed=seed).to(dtype), torch.arange(t) / 2)


def recurrence(a, b):
    """What the scan must equal: one step after the other."""
    h, out = torch.zeros_like(b[:, 0]), []
    for k in range(a.shape[1]):
        h = a[:, k] * h + b[:, k]
        out.append(h)
    return torch.stack(out, 1)


def slowly(u, step, a, b, c, d):
    """The selective state space as its equations say, one step after the other."""
    h, out = u.new_zeros(len(u), *a.shape), []
    for k in range(u.shape[1]):
        h = (step[:, k, :, None] * a).exp() * h
        h = h + step[:, k, :, None] * b[:, k, None] * u[:, k, :, None]
        out.append((h * c[:, k, None]).sum(-1) + d * u[:, k])
    return torch.stack(out, 1)


def inputs(length, dtype=torch.float32, seed=0):
    """u, step, a, b, c and d for two films of so many tokens."""
    shapes = ((2, length, 6), (2, length, 6), (6, 4), (2, length, 4), (2, length, 4), (6,))
    made = [draw(*shape, seed=seed + k, dtype=dtype) for k, shape in enumerate(shapes)]
    made[1], made[2] = made[1].exp() / 10, -made[2].exp()
    return [x.requires_grad_() for x in made]


@given(length=st.integers(1, 70), seed=st.integers(0, 9))
def test_the_parallel_scan_is_the_recurrence_and_so_are_its_gradients(length, seed):
    ours = [draw(2, length, 3, seed=seed).sigmoid(), draw(2, length, 3, seed=seed + 1)]
    theirs = [x.clone().requires_grad_() for x in ours]
    ours = [x.requires_grad_() for x in ours]
    out, expected = scan(*ours), recurrence(*theirs)
    close(out, expected)
    weight = draw(2, length, 3, seed=seed + 2)
    slopes, wanted = (
        torch.autograd.grad((h * weight).sum(), x, allow_unused=True, materialize_grads=True)
        for h, x in ((out, ours), (expected, theirs))
    )
    for slope, want in zip(slopes, wanted, strict=True):
        torch.testing.assert_close(slope, want, atol=1e-4, rtol=1e-5)


@pytest.mark.parametrize("floats", [1, 2 * 6 * 4 * 7, 2**22])
@pytest.mark.parametrize("length", [1, 7, 40])
def test_chunks_hand_on_the_state_and_its_gradients(length, floats, monkeypatch):
    monkeypatch.setattr(bidirectional_ssm, "_MOST_FLOATS", floats)
    args = inputs(length, torch.float64)
    out, expected = selective_scan(*args), slowly(*args)
    torch.testing.assert_close(out, expected)
    weight = draw(*out.shape, dtype=torch.float64)
    slopes = [torch.autograd.grad((y * weight).sum(), args) for y in (out, expected)]
    for slope, want in zip(*slopes, strict=True):
        torch.testing.assert_close(slope, want)


def test_in_single_precision_it_is_the_recurrence_to_five_digits_over_a_whole_film():
    args = [x.detach() for x in inputs(3000)]
    close(selective_scan(*args), slowly(*args))


def test_a_block_is_mambas_own():
    from transformers import MambaConfig
    from transformers.models.mamba.modeling_mamba import MambaMixer

    config = MambaConfig(hidden_size=8, state_size=16, conv_kernel=4, expand=2, time_step_rank=1)
    peer, block = MambaMixer(config, 0).eval(), drawn(lambda: MambaBlock(8), 0)
    assert set(peer.state_dict()) == set(block.state_dict())
    peer.load_state_dict(block.state_dict())
    x = draw(2, 30, 8)
    close(block(x), peer(x))


def test_steps_start_where_mamba_starts_them():
    block = drawn(lambda: MambaBlock(64), 0)
    step = torch.nn.functional.softplus(block.dt_proj.bias)
    assert step.min() >= 1e-3 * 0.999
    assert step.max() <= 0.1 * 1.001
    assert step.log().std() > 1
    assert torch.equal(-block.A_log.exp().round(), -torch.arange(1.0, 17).expand(128, 16))


def test_a_block_alone_hears_what_came_before_and_nothing_later():
    block, x = drawn(lambda: MambaBlock(8), 0), draw(1, 20, 8).requires_grad_()
    (slope,) = torch.autograd.grad(block(x)[0, 12].sum(), x)
    heard = slope[0].abs().sum(1) > 0
    assert heard.tolist() == [True] * 13 + [False] * 7


def test_in_both_directions_every_token_hears_every_other():
    kernel, x = drawn(lambda: BidirectionalMamba(8), 0), draw(1, 20, 8).requires_grad_()
    for token in (0, 9, 19):
        (slope,) = torch.autograd.grad(kernel(x)[0, token].sum(), x)
        assert (slope[0].abs().sum(1) > 0).all()


def test_a_film_run_backwards_through_exchanged_directions_comes_out_backwards():
    kernel, x = drawn(lambda: BidirectionalMamba(8, layers=2), 0), draw(1, 20, 8)
    forwards = kernel(x)
    kernel.forth, kernel.back = kernel.back, kernel.forth
    close(kernel(x.flip(1)), forwards.flip(1))


def test_gradients_reach_every_weight_of_every_layer():
    kernel = drawn(lambda: BidirectionalMamba(8, layers=2), 0).train()
    kernel(draw(1, 20, 8)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in kernel.parameters())


# -- the public class ------------------------------------------------------------------------


def test_it_sweeps_a_film_in_its_own_order_whatever_the_order_of_the_tokens():
    tokens, mixer = film(), BidirectionalSSM()
    shuffled = tokens.select(torch.randperm(24, generator=torch.Generator().manual_seed(0)))
    out = mixer(shuffled)
    torch.testing.assert_close(out.x, mixer(tokens).x[shuffled.edges[:, 1]])
    assert not torch.allclose(out.x, shuffled.x)


def test_what_is_at_the_end_of_a_film_changes_its_beginning_and_back():
    tokens = film()
    for cell, far in ((0, 23), (23, 0)):
        x = tokens.x.clone()
        x[cell] += 5
        other = BidirectionalSSM()(Tokens.from_grid(x.view(4, 2, 3, 8), tokens.times_s))
        assert (other.x[far] - BidirectionalSSM()(tokens).x[far]).abs().max() > 1e-7


def test_an_untrained_kernel_speaks_as_loud_in_each_space_as_its_gain_says():
    loud = Tokens.from_grid(100 * draw(4, 2, 3, 8, seed=1), torch.arange(4) / 2, space="loud")
    tokens = film().beside(loud)
    told = [BidirectionalSSM(gain=g)(tokens).x - tokens.x for g in (0.1, 0.2)]
    torch.testing.assert_close(told[1], 2 * told[0], atol=2e-4, rtol=1e-3)
    ratio = told[0] / loudness(tokens.x, (8, 8))
    assert ratio[:, :8].std().item() == pytest.approx(ratio[:, 8:].std().item(), rel=0.5)


def test_a_trained_kernel_brings_its_sizes_and_speaks_as_loud_as_it_was_trained_to(tmp_path):
    kernel = drawn(lambda: BidirectionalMamba(8, layers=2, state=4), 3)
    mixer = BidirectionalSSM(file=save_kernel(kernel, tmp_path / "ssm.safetensors"))
    out = mixer(film())
    close(out.x, kernel(film().x[None])[0].detach())
    assert out.kind == "receptive"
    assert not out.x.requires_grad


def test_seeds_draw_other_kernels():
    assert not torch.equal(BidirectionalSSM(seed=0)(film()).x, BidirectionalSSM(seed=1)(film()).x)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_it_answers_in_the_precision_it_was_asked_in(dtype):
    out = BidirectionalSSM()(film(dtype=dtype))
    assert out.x.dtype == dtype
    assert out.x.isfinite().all()


def test_it_mixes_what_a_compressor_left():
    left = build("compressor", "bipartite_merge", keep=0.5)(film(8, 4, 4))
    out = BidirectionalSSM()(left)
    assert out.x.shape == left.x.shape
    assert torch.equal(out.edges, left.edges)


def test_sizes_and_files_that_cannot_be_are_refused(tmp_path):
    with pytest.raises(VtkError, match="1 or more"):
        BidirectionalSSM(layers=0)
    with pytest.raises(WeightsError, match="BidirectionalMamba"):
        BidirectionalSSM(file=str(tmp_path / "nowhere.safetensors"))(film())
    file = save_kernel(BidirectionalMamba(8), tmp_path / "ssm.safetensors")
    with pytest.raises(ShapeError, match="8 channels"):
        BidirectionalSSM(file=file)(film(d=6))
