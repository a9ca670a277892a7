import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import layer_norm, scaled_dot_product_attention

from vtk_notebooks import Query, Tokens, build
from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.compressors import TextFramePool
from vtk_notebooks.compressors.select.text_frame_pool import FrameAttention, TextPool
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def ask(d=8):
    vector = torch.randn(d, generator=generator(7))
    return Query("?", vector, vector[None], ("?",), "made")


def film(t=12, h=2, w=3, d=8, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def drawn_pair():
    """Three texts, two films of twelve frames."""
    return torch.randn(3, 8, generator=generator(0)), torch.randn(2, 12, 8, generator=generator(1))


def means(tokens):
    return tokens.x.view(tokens.grid[0], -1, tokens.x.shape[1]).mean(1)


def test_12_frames_become_one_token_by_attention_of_the_text():  # the paper's step, at its start
    tokens, query = film(), ask()
    text, frames = (layer_norm(x, (8,)) for x in (query.vector[None], means(tokens)))
    expected = scaled_dot_product_attention(text[None], frames[None], means(tokens)[None])[0]
    torch.testing.assert_close(TextFramePool()(tokens, query).x, expected)


def test_frames_like_the_question_count_more():
    tokens = film()
    tokens.x[6 * 5 : 6 * 6] = ask().vector
    out = TextFramePool()(tokens, ask())
    per_frame = torch.zeros(12).index_add(0, out.edges[:, 1] // 6, out.share)
    assert per_frame.argmax() == 5
    assert per_frame[5] > 2 / 12


def test_at_their_start_all_projections_are_plain_attention():
    attend = TextPool(8).cross_attn
    text, frames = drawn_pair()
    plain = scaled_dot_product_attention(text.expand(2, -1, -1), frames, frames)
    torch.testing.assert_close(attend(text, frames), plain)


def test_the_kernel_is_the_papers_chain_of_norms_and_a_residual():
    kernel = drawn(lambda: TextPool(8), 0)
    text, frames = drawn_pair()
    seen = layer_norm(kernel.cross_attn(*(layer_norm(x, (8,)) for x in (text, frames))), (8,))
    torch.testing.assert_close(kernel(text, frames), layer_norm(2 * seen, (8,)))


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_every_text_sees_every_film_and_the_order_of_frames_plays_no_part(heads):
    attend = drawn(lambda: FrameAttention(8, heads), 0)
    text, frames = drawn_pair()
    assert attend(text, frames).shape == (2, 3, 8)
    torch.testing.assert_close(attend(text, frames.flip(1)), attend(text, frames))


def test_of_one_frame_nothing_but_that_frame_is_left():
    tokens = film(t=1)
    torch.testing.assert_close(TextFramePool()(tokens, ask()).x, means(tokens))
    torch.testing.assert_close(TextFramePool(places=True)(tokens, ask()).x, tokens.x)


def test_places_share_the_weights_of_their_frames():
    tokens = film()
    grid, one = (TextFramePool(places=p)(tokens, ask()) for p in (True, False))
    torch.testing.assert_close(grid.x.mean(0, keepdim=True), one.x)


@given(t=st.integers(1, 12), segments=st.integers(1, 14), places=st.booleans())
def test_a_segment_hears_of_its_own_frames_only(t, segments, places):
    out = TextFramePool(segments, places)(film(t=t), ask())
    many, size = min(segments, t), 6 if places else 1
    assert len(out) == many * size
    assert torch.equal(out.edges[:, 1] // 6 * many // t, out.edges[:, 0] // size)


def test_everything_kept_is_everything():
    tokens = film()
    assert torch.equal(TextFramePool().at(1.0)(tokens, ask()).x, tokens.x)


def test_a_small_budget_gives_up_places_and_a_large_one_keeps_them():
    assert TextFramePool().at(2 / 72).plan((12, 2, 3)) == (2, False)
    assert TextFramePool().at(0.5).plan((12, 2, 3)) == (6, True)


def test_a_trained_kernel_is_used_and_its_tokens_compare_with_the_question(tmp_path):
    tokens, query = film(), ask()
    kernel = drawn(lambda: TextPool(8, heads=2), 0)
    torch.nn.init.normal_(kernel.linear_proj.weight)
    trained = TextFramePool(2, file=save_kernel(kernel, tmp_path / "a.safetensors"))
    out = trained(tokens, query)
    halves = means(tokens).view(2, 6, 8)
    torch.testing.assert_close(out.x, kernel(query.vector[None], halves)[:, 0])
    assert (out.kind, out.spaces) == ("receptive", (("made", 8),))
    assert torch.equal(out.edges[:, 0], out.edges[:, 1] // 36)


def test_gradients_reach_every_parameter_of_the_kernel():
    kernel = drawn(lambda: TextPool(8), 0).train()
    frames = torch.randn(2, 12, 8, generator=generator(1))
    (kernel(frames[0, :3], frames) * torch.arange(8)).sum().backward()
    silent = {"cross_attn.k_proj.bias"}  # softmax does not feel what is added to all
    for name, p in kernel.named_parameters():
        assert name in silent or (p.grad is not None and p.grad.any()), name


def test_a_kernel_for_other_frames_is_refused(tmp_path):
    file = save_kernel(TextPool(6), tmp_path / "a.safetensors")
    with pytest.raises(ShapeError, match="6 channels"):
        TextFramePool(file=file)(film(), ask())
    with pytest.raises(WeightsError):
        TextFramePool(file=str(tmp_path / "none"))(film(), ask())


def test_merged_tokens_have_no_frames_to_pool():
    with pytest.raises(ShapeError, match="Put it first"):
        TextFramePool()(build("compressor", "bipartite_merge", keep=0.5)(film()), ask())


@pytest.mark.parametrize("wrong", [{"segments": 0}, {"keep": 2.0}, {"file": "x", "places": True}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        TextFramePool(**wrong)
