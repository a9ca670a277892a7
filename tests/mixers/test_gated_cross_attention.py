import pytest
import torch

from vtk_notebooks import Tokens, build
from vtk_notebooks.blocks.gated_text import GatedCrossAttention as Kernel
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.errors import ShapeError, VtkError


def film(t=4, h=2, w=3, d=16, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def mixer(**params):
    return build("mixer", "gated_cross_attention", **params)


def test_gates_start_shut_and_nothing_changes():  # the paper's claim
    tokens = film()
    assert torch.equal(mixer()(tokens).x, tokens.x)


def test_a_frame_hears_of_the_one_before_it_and_of_no_other():
    out = mixer(gate=1.0)(film())
    for changed in range(4):
        other = film()
        other.x[6 * changed : 6 * changed + 6] += 1.0
        moved = (mixer(gate=1.0)(other).x != out.x).any(1).view(4, 6).any(1)
        told = [f for f in range(4) if moved[f] and f != changed]
        assert told == ([changed + 1] if changed < 3 else [])
    assert mixer().causal


def test_only_where_a_frame_stands_counts_and_not_its_tokens_order():
    tokens = film()
    order = torch.randperm(24, generator=torch.Generator().manual_seed(0))
    mixed = mixer(gate=1.0)(tokens).x[order]
    torch.testing.assert_close(mixer(gate=1.0)(tokens.select(order)).x, mixed)


def test_merged_frames_read_the_merged_frame_before():
    pooled = build("compressor", "temporal_pool", frames=2)(film())
    out = mixer(gate=1.0)(pooled)
    torch.testing.assert_close(out.x[:6], mixer(gate=1.0)(pooled.select(torch.arange(6))).x)
    assert not torch.allclose(out.x[6:], mixer(gate=1.0)(pooled.select(torch.arange(6, 12))).x)


def test_a_trained_kernel_is_read_from_its_file(tmp_path):
    kernel = drawn(lambda: Kernel(16, 16, gate=0.5), 3)
    file = save_kernel(kernel, tmp_path / "gate.safetensors")
    tokens = film()
    out = mixer(file=file)(tokens)
    may = torch.ones(1, 6, 6, dtype=torch.bool)
    with torch.no_grad():
        expected = kernel(tokens.x[None, 6:12], tokens.x[None, :6], may)[0]
        blind = kernel(tokens.x[None, :6], tokens.x[None, :6], ~may)[0]
    torch.testing.assert_close(out.x[6:12], expected)
    torch.testing.assert_close(out.x[:6], blind)  # before any medium
    assert out.kind == "receptive"
    with pytest.raises(ShapeError, match="16 channels"):
        mixer(file=file)(film(d=8))


def test_heads_that_do_not_divide_are_refused():
    with pytest.raises(VtkError, match="heads that divide"):
        mixer(inner=6, heads=4)
