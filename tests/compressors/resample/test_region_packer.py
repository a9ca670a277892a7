import pytest
import torch
from hypothesis import given, reject
from hypothesis import strategies as st
from torch.nn.functional import interpolate

from vtk_notebooks import Tokens
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.compressors import RegionPacker
from vtk_notebooks.compressors.resample.region_packer import Packer, RegionAttention
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def film(t=10, h=9, w=9, d=8, seed=0, grad=False):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x.requires_grad_(grad), torch.arange(t) / 2, space="made")


def small(width=8, **sizes):
    return drawn(lambda: Packer(width, inner=16, heads=4, **sizes), 0)


def test_72900_tokens_become_2520():  # the paper's count
    assert RegionPacker().count((100, 27, 27)) == (20 * 81 + 100 * 9, 2520)


def test_they_do_become_2520():
    assert len(RegionPacker()(film(t=100, h=27, w=27, d=2))) == 2520


def test_without_attention_a_token_is_the_middle_of_its_region():
    tokens = film()
    out, x = RegionPacker(blend=0.0)(tokens).x, tokens.x.view(10, 9, 9, 8)
    packed = x[:, 1::3, 1::3]
    assert torch.equal(out[:18].view(2, 3, 3, 8), packed[2::5])
    assert torch.equal(out[18:], packed[:, 1, 1])


def test_a_query_is_the_point_of_bilinear_interpolation_where_sides_are_even():
    tokens = film(t=4, h=8, w=8)
    out = RegionPacker(region=2, slow=2, fast=2, blend=0.0)(tokens).x
    grid = tokens.x.view(4, 8, 8, 8).permute(0, 3, 1, 2)
    for _ in range(2):
        grid = interpolate(grid, scale_factor=0.5, mode="bilinear")
    torch.testing.assert_close(out[32:].view(4, 2, 2, 8), grid.permute(0, 2, 3, 1))


def test_a_slow_token_hears_of_five_frames_and_a_fast_one_of_nine_by_nine_cells():
    tokens = film(grad=True)
    slow, fast = small()(tokens.x.view(1, 10, 9, 9, 8))
    for out, frames, cells in [
        (slow[0, 1, 0, 2], range(5, 10), [(r, c) for r in range(3) for c in range(6, 9)]),
        (fast[0, 4, 0, 0], [4], [(r, c) for r in range(9) for c in range(9)]),
    ]:
        (slope,) = torch.autograd.grad(out.square().sum(), tokens.x, retain_graph=True)
        heard = slope.abs().sum(1).view(10, 9, 9).nonzero().tolist()
        assert heard == [[t, *cell] for t in frames for cell in cells]


def test_an_output_layer_of_zero_gives_the_middle_elements():  # the paper's residual
    x = film().on_grid("test")[None]
    attention = drawn(lambda: RegionAttention(8, (1, 3, 3), 16, 4), 0)
    torch.nn.init.zeros_(attention.to_out.weight)
    torch.testing.assert_close(attention(x)[0], x[0, :, 1::3, 1::3])


def test_the_kernel_is_the_papers_formula_region_by_region():
    x = film(t=1, h=3, w=3).on_grid("test")
    made = drawn(lambda: RegionAttention(8, (1, 3, 3), 16, 4), 0)
    cells, point = x.view(9, 8), x[0, 1, 1][None]
    q, k, v = (
        norm(net(y))
        for norm, net, y in [
            (made.ln_q, made.to_q, point),
            (made.ln_k, made.to_k, cells),
            (made.ln_v, made.to_v, cells),
        ]
    )
    expected = point + made.to_out(made.attn(q, k, v)[0])
    torch.testing.assert_close(made(x[None])[0, 0, 0], expected)


@given(
    t=st.integers(1, 12),
    h=st.integers(1, 8),
    w=st.integers(1, 8),
    sizes=st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 4)),
)
def test_each_stream_speaks_for_every_cell_exactly_once(t, h, w, sizes):
    packer = RegionPacker(*sizes, blend=1.0)
    try:
        out = packer(film(t, h, w))
    except ShapeError:  # two streams would be more tokens than one
        reject()
    often = torch.bincount(out.edges[:, 1], minlength=t * h * w)
    assert (often == 2).all()


def test_a_trained_packer_is_used_and_says_no_more_than_where_it_looked(tmp_path):
    tokens, kernel = film(), small()
    trained = RegionPacker(file=save_kernel(kernel, tmp_path / "packer.safetensors"))
    out, (slow, fast) = trained(tokens), kernel(tokens.on_grid("test")[None])
    torch.testing.assert_close(out.x, torch.cat([slow.flatten(1, 3)[0], fast.flatten(1, 3)[0]]))
    assert out.kind == "receptive"
    assert out.spaces == (("region_packer", 8),)
    plain = RegionPacker(blend=1.0)(tokens)
    assert torch.equal(out.edges, plain.edges)
    assert trained.at(0.5).file == ""


def test_released_weights_load_by_their_own_names():
    kernel, other = small(), drawn(lambda: Packer(8, inner=16, heads=4), 1)
    released = {
        name.replace(".", ".devide_attention.", 1): weight
        for name, weight in kernel.state_dict().items()
    }
    assert "token_packer_slow.devide_attention.attn.in_proj_weight" in released
    other.load_state_dict(released)
    x = film().on_grid("test")[None]
    for mine, theirs in zip(kernel(x), other(x), strict=True):
        assert torch.equal(mine, theirs)


def test_gradients_reach_every_parameter_of_the_kernel():
    kernel = small().train()
    slow, fast = kernel(film().on_grid("test")[None])
    (slow.square().sum() + fast.square().sum()).backward()
    assert all(p.grad is not None and p.grad.any() for p in kernel.parameters())


def test_at_the_papers_budget_sizes_are_the_papers():
    grid = (100, 27, 27)
    assert RegionPacker().at(2520 / 72900).sizes(grid) == RegionPacker().sizes(grid)


def test_a_kernel_for_other_tokens_is_refused(tmp_path):
    file = save_kernel(small(), tmp_path / "packer.safetensors")
    with pytest.raises(ShapeError, match="trained on"):
        RegionPacker(slow=2, file=file)(film())
    with pytest.raises(WeightsError):
        RegionPacker(file=str(tmp_path / "none"))(film())


def test_a_grid_too_coarse_for_two_streams_is_refused():
    with pytest.raises(ShapeError, match="larger regions"):
        RegionPacker()(film(h=1, w=1))


@pytest.mark.parametrize("wrong", [{"region": 0}, {"slow": 0}, {"blend": -0.1}, {"keep": 2.0}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        RegionPacker(**wrong)
