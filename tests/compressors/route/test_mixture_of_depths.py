import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from vtk_notebooks import Tokens
from vtk_notebooks.blocks.kernels import drawn, loudness, save_kernel
from vtk_notebooks.compressors.route.mixture_of_depths import (
    MixtureOfDepths,
    MixtureOfDepthsBlock,
    RoutedLayer,
    chosen,
    routed_layers,
)
from vtk_notebooks.errors import ShapeError, UnknownNameError, VtkError


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def film(t=4, h=2, w=5, d=8, seed=0, dtype=torch.float32):
    return Tokens.from_grid(draw(t, h, w, d, seed=seed).to(dtype), torch.arange(t) / 2)


def changed(out, tokens):
    return (out.x != tokens.x).any(1).view(tokens.grid[0], -1)


# -- the public class ------------------------------------------------------------------------


@given(keep=st.floats(0.01, 1), seed=st.integers(0, 9))
def test_a_part_of_each_frame_is_computed_and_the_rest_passes_bit_for_bit(keep, seed):
    tokens = film()
    out = MixtureOfDepths(keep, seed=seed)(tokens)
    assert changed(out, tokens).sum(1).tolist() == 4 * [math.ceil(keep * 10)]
    assert MixtureOfDepths(keep).computed(tokens.grid) == 4 * math.ceil(keep * 10)
    assert len(out) == len(tokens) == MixtureOfDepths(keep).count(tokens.grid)[0]


def test_four_fifths_of_the_vision_tokens_skip_the_layer():
    assert MixtureOfDepths().computed((16, 10, 10)) == 0.2 * 1600


def test_a_computed_token_heard_the_computed_ones_of_its_frame():
    tokens = film()
    out, did = MixtureOfDepths(0.3)(tokens), changed(MixtureOfDepths(0.3)(tokens), tokens)
    for token in range(len(tokens)):
        t, place = divmod(token, 10)
        expected = did[t].nonzero()[:, 0] + 10 * t if did[t, place] else torch.tensor([token])
        assert torch.equal(out.edges[out.edges[:, 0] == token, 1].sort().values, expected)
    assert out.kind == "receptive"


def test_over_the_clip_no_token_hears_from_a_later_one():
    tokens, layer = film(), MixtureOfDepths(0.3, attend="clip")
    other = torch.cat([tokens.x[:30], draw(10, 8, seed=5)])
    cut = Tokens.from_grid(other.view(4, 2, 5, 8), tokens.times_s)
    out = layer(tokens)
    torch.testing.assert_close(layer(cut).x[:30], out.x[:30], atol=1e-6, rtol=1e-5)
    new, heard = out.edges.unbind(1)
    assert (heard <= new).all()
    last = changed(out, tokens)[3].nonzero()[-1, 0] + 30
    assert len(heard[new == last]) == 4 * 3


def test_an_early_exit_keeps_exactly_what_was_computed():
    tokens = film()
    through = MixtureOfDepths(0.3)(tokens)
    out = MixtureOfDepths(0.3, skip="drop")(tokens)
    assert torch.equal(out.x, through.x[changed(through, tokens).flatten()])
    assert len(out) == MixtureOfDepths(0.3, skip="drop").count(tokens.grid)[0] == 12


def test_an_untrained_layer_is_as_quiet_in_each_space_as_its_gain_says():
    loud = Tokens.from_grid(100 * draw(4, 2, 5, 8, seed=1), torch.arange(4) / 2, space="loud")
    tokens = film().beside(loud)
    told = [MixtureOfDepths(1.0, gain=g)(tokens).x - tokens.x for g in (0.1, 0.2)]
    torch.testing.assert_close(told[1], 2 * told[0], atol=2e-4, rtol=1e-3)
    ratio = told[0] / loudness(tokens.x, (8, 8))
    assert ratio[:, :8].std().item() == pytest.approx(ratio[:, 8:].std().item(), rel=0.5)


def test_a_trained_layer_speaks_as_loud_as_it_was_trained_to(tmp_path):
    layer = drawn(lambda: RoutedLayer(8, heads=2, keep=0.9), 3)
    file = save_kernel(layer, tmp_path / "layer.safetensors")
    tokens, layer.keep = film(), 0.3
    with torch.no_grad():
        expected = layer(tokens.x.view(4, 10, 8), torch.zeros(10, dtype=torch.long))
    out = MixtureOfDepths(0.3, file=file)(tokens)
    torch.testing.assert_close(out.x, expected.flatten(0, 1))
    assert not out.x.requires_grad


def test_a_trained_layer_brings_its_own_attention(tmp_path):
    file = save_kernel(RoutedLayer(8, causal=True), tmp_path / "layer.safetensors")
    new, heard = MixtureOfDepths(0.3, file=file)(film()).edges.unbind(1)
    assert ((heard <= new) & (new // 10 != heard // 10)).any()
    with pytest.raises(ShapeError, match="8 channels"):
        MixtureOfDepths(file=file)(film(d=6))


def test_seeds_draw_other_layers():
    a, b = (MixtureOfDepths(seed=s)(film()).x for s in (0, 1))
    assert not torch.equal(a, b)


def test_heads_divide_whatever_width_comes():
    assert MixtureOfDepths(heads=8)(film(d=7)).x.shape == (40, 7)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_skipped_tokens_stay_bit_for_bit_in_any_precision(dtype):
    tokens = film(dtype=dtype)
    out = MixtureOfDepths()(tokens)
    assert out.x.dtype == dtype
    assert changed(out, tokens).sum() <= 8


def test_impossible_numbers_and_unknown_words_are_refused():
    with pytest.raises(VtkError, match=r"keep in \(0, 1\]"):
        MixtureOfDepths(0.0)
    with pytest.raises(UnknownNameError, match="Did you mean 'clip'"):
        MixtureOfDepths(attend="clips")
    with pytest.raises(UnknownNameError, match="Did you mean 'interleaved'"):
        routed_layers(4, "interleave")


# -- the block that wraps any block ----------------------------------------------------------


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5), keep=st.floats(0.01, 1))
def test_of_ragged_frames_the_best_of_each_and_all_text_are_computed(sizes, keep):
    frame = torch.cat([torch.full((s,), i) for i, s in enumerate(sizes)] + [torch.tensor([-1, -1])])
    score = draw(2, len(frame))
    got = chosen(score, frame, keep)
    for row, values in zip(got.tolist(), score, strict=True):
        assert row == sorted(set(row))
        assert set(row) >= {len(frame) - 2, len(frame) - 1}
        for i, s in enumerate(sizes):
            mine = [p for p in row if frame[p] == i]
            assert len(mine) == math.ceil(keep * s)
            rest = [p for p in range(len(frame)) if frame[p] == i and p not in mine]
            assert not rest or values[mine].min() >= values[rest].max()


def test_everything_computed_and_nothing_gated_is_the_plain_block():
    block = drawn(lambda: nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True), 0)
    wrapped = MixtureOfDepthsBlock(block, 8, keep=1.0, gate="one")
    x, frame = draw(2, 10, 8), torch.arange(10) // 5
    torch.testing.assert_close(wrapped(x, frame), block(x))


def test_the_gate_weighs_what_the_block_adds_but_never_to_text():
    wrapped = MixtureOfDepthsBlock(lambda part: part + 10, 2, keep=1.0)
    nn.init.ones_(wrapped.score.weight)
    x = torch.tensor([[[0.1, 0.2], [1.0, 2.0], [3.0, 4.0]]])
    out = wrapped(x, torch.tensor([0, 0, -1]))
    torch.testing.assert_close(out - x, torch.tensor([[[3.0, 3.0], [30.0, 30.0], [10.0, 10.0]]]))


def test_the_router_learns_only_through_the_gate():
    for gate, learns in (("score", True), ("one", False)):
        wrapped = MixtureOfDepthsBlock(drawn(lambda: nn.Linear(8, 8), 0), 8, 0.3, gate)
        wrapped(draw(2, 10, 8), torch.zeros(10, dtype=torch.long)).square().sum().backward()
        assert (wrapped.score.weight.grad is not None) == learns


def test_the_block_gets_the_original_positions_of_what_it_computes():
    seen = {}

    def block(part, position):
        seen["position"] = position
        return part + position[..., None]

    wrapped = MixtureOfDepthsBlock(block, 8, 0.3, "one")
    x, position = draw(2, 10, 8), torch.arange(100, 110).repeat(2, 1)
    out = wrapped(x, torch.zeros(10, dtype=torch.long), position=position)
    moved = (out != x).any(-1)
    assert torch.equal(seen["position"], position[moved].view(2, 3))
    torch.testing.assert_close(out - x, (position * moved)[..., None].expand(2, 10, 8).float())


def test_films_of_a_batch_choose_for_themselves():
    wrapped = MixtureOfDepthsBlock(lambda part: part + 1, 8, 0.3, "one")
    x, frame = draw(3, 10, 8), torch.zeros(10, dtype=torch.long)
    alone = torch.cat([wrapped(row[None], frame) for row in x])
    torch.testing.assert_close(wrapped(x, frame), alone)


def test_interleaved_is_every_other_layer_and_deep_the_second_half():
    assert routed_layers(8) == (1, 3, 5, 7)
    assert routed_layers(8, "all") == tuple(range(8))
    assert routed_layers(8, "all_deep") == (4, 5, 6, 7)
    assert routed_layers(8, "interleaved_deep") == (5, 7)
