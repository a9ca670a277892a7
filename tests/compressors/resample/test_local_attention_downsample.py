import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import avg_pool2d

from vtk_notebooks import Tokens
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.compressors import LocalPooler
from vtk_notebooks.compressors.resample.local_attention_downsample import LocalAttention
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def film(t=3, h=4, w=6, d=16, seed=0, grad=False):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x.requires_grad_(grad), torch.arange(t) / 2, space="made")


def average(tokens, side=2):
    t, h, w = tokens.grid
    grid = tokens.x.view(t, h, w, -1).permute(0, 3, 1, 2)
    return avg_pool2d(grid, side).permute(0, 2, 3, 1).flatten(0, 2)


def test_2048_patches_of_8_frames_become_64_tokens_a_frame():  # the paper's count
    assert LocalPooler().count((8, 16, 16)) == (512, 512)


def test_with_a_projection_of_zero_it_is_average_pooling():  # the paper's starting point
    tokens, kernel = film(), drawn(lambda: LocalAttention(16), 0)
    torch.nn.init.zeros_(kernel.proj.weight)
    torch.nn.init.zeros_(kernel.proj.bias)
    torch.testing.assert_close(kernel(tokens.on_grid("test")[None])[0], average(tokens))
    torch.testing.assert_close(LocalPooler(blend=0.0)(tokens).x, average(tokens))
    thirds = Tokens.from_grid(tokens.on_grid("test")[:, :3, :6].double(), tokens.times_s)
    pooled = LocalPooler(3, blend=0.0)(thirds).x
    torch.testing.assert_close(pooled, average(thirds, 3), atol=1e-12, rtol=0)


def test_the_kernel_is_the_papers_formula_block_by_block():
    tokens, kernel = film(h=2, w=2, t=1), drawn(lambda: LocalAttention(16, heads=4), 0)
    cells, mean = tokens.x, tokens.x.mean(0, keepdim=True)
    q, (k, v) = kernel.q(mean), kernel.kv(cells).chunk(2, -1)
    heads = []
    for a in range(4):
        here = slice(4 * a, 4 * a + 4)
        share = (q[:, here] @ k[:, here].T * 16**-0.5).softmax(-1)
        heads.append(share @ v[:, here])
    expected = mean + kernel.proj(torch.cat(heads, -1))
    torch.testing.assert_close(kernel(tokens.on_grid("test")[None])[0], expected)


def test_a_token_hears_of_its_own_block_only():
    tokens = film(grad=True)
    kernel = drawn(lambda: LocalAttention(16), 0)
    out = kernel(tokens.x.view(1, 3, 4, 6, 16))[0].view(3, 2, 3, 16)
    (slope,) = torch.autograd.grad(out[1, 0, 2].square().sum(), tokens.x)
    heard = slope.abs().sum(1).view(3, 4, 6).nonzero().tolist()
    assert heard == [[1, 0, 4], [1, 0, 5], [1, 1, 4], [1, 1, 5]]


@given(h=st.integers(1, 7), w=st.integers(1, 7), side=st.integers(1, 4), blend=st.floats(0, 1))
def test_every_cell_is_in_one_token_and_every_token_a_mean_of_its_cells(h, w, side, blend):
    out = LocalPooler(side, blend)(film(2, h, w))
    assert out.edges[:, 1].sort().values.tolist() == list(range(2 * h * w))
    assert len(out) == 2 * -(-h // side) * -(-w // side)


def test_attention_leans_to_the_cells_that_are_like_most_of_the_block():
    tokens = film(t=1, h=2, w=2)
    tokens.x[:3] = tokens.x[0]  # three of four agree
    out = LocalPooler(blend=1.0)(tokens)
    odd = out.share[out.edges[:, 1] == 3]
    assert odd < 0.25 < out.share[out.edges[:, 1] == 0]


def test_a_trained_kernel_is_used_and_says_no_more_than_where_it_looked(tmp_path):
    tokens, kernel = film(), drawn(lambda: LocalAttention(16), 1)
    trained = LocalPooler(file=save_kernel(kernel, tmp_path / "a.safetensors"))
    out = trained(tokens)
    torch.testing.assert_close(out.x, kernel(tokens.on_grid("test")[None])[0])
    assert out.kind == "receptive"
    assert out.spaces == (("local_attention_downsample", 16),)
    assert trained.at(1 / 9) == LocalPooler(3)
    assert trained.at(0.25) == trained


def test_gradients_reach_every_parameter_of_the_kernel():
    kernel = drawn(lambda: LocalAttention(16), 0).train()
    kernel(film().on_grid("test")[None]).square().sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in kernel.parameters())


def test_a_kernel_for_other_tokens_is_refused(tmp_path):
    file = save_kernel(LocalAttention(16), tmp_path / "a.safetensors")
    with pytest.raises(ShapeError, match="16 channels and side 2"):
        LocalPooler(file=file)(film(d=8))
    with pytest.raises(WeightsError):
        LocalPooler(file=str(tmp_path / "b"))(film())


@pytest.mark.parametrize("wrong", [{"side": 0}, {"blend": 1.5}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        LocalPooler(**wrong)
