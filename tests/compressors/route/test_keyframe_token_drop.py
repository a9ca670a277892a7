import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from vtk_notebooks import Tokens
from vtk_notebooks.blocks.kernels import drawn, load_kernel, save_kernel
from vtk_notebooks.compressors.route import keyframe_token_drop
from vtk_notebooks.compressors.route.keyframe_token_drop import (
    KeyframeDrop,
    KeyframeDropBlock,
    tokens_left,
)
from vtk_notebooks.errors import UnknownNameError, VtkError


def film(t=5, h=2, w=3, d=8, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def kept_cells(tokens):
    return tokens.edges[tokens.edges[:, 0].argsort(), 1].tolist()


def test_1568_tokens_become_1098_then_769_then_539():  # the paper's arithmetic
    grid, counts = (
        (8, 14, 14),
        [KeyframeDrop(0.7, rounds=r).count((8, 14, 14)) for r in (1, 2, 3)],
    )
    assert counts == [(1098, 1098), (769, 769), (539, 539)]
    assert len(KeyframeDrop()(film(*grid))) == 539


def test_a_budget_is_for_all_rounds_together():
    assert KeyframeDrop(0.2).at(0.343).count((8, 14, 14)) == (539, 539)
    assert KeyframeDrop(rounds=1).at(0.343).count((8, 14, 14)) == (538, 538)


@given(
    t=st.integers(1, 7), keep=st.floats(0.01, 1), rounds=st.integers(1, 4), seed=st.integers(0, 9)
)
def test_the_key_frame_keeps_all_its_tokens_and_no_token_stays_twice(t, keep, rounds, seed):
    tokens = film(t, seed=seed)
    cells = kept_cells(KeyframeDrop(keep, rounds)(tokens))
    assert cells == sorted(set(cells))
    assert set(range(t // 2 * 6, t // 2 * 6 + 6)) <= set(cells)
    assert len(cells) == KeyframeDrop(keep, rounds).count(tokens.grid)[0]


def test_what_looks_like_the_key_frame_stays_when_it_alone_is_asked():
    x = torch.eye(8)[None, None].repeat(3, 1, 1, 1)[:, :, :4]  # the key frame shows axes 0 to 3
    x[0], x[2] = torch.eye(8)[4:], torch.eye(8)[[4, 1, 5, 6]]
    out = KeyframeDrop(6 / 12, 1, queries="keyframe")(Tokens.from_grid(x, torch.arange(3) / 2))
    assert kept_cells(out)[-1] == 9  # the second place of the last frame


def test_the_key_frames_queries_can_count_more_than_all_others_together():
    x = torch.eye(8)[[4, 4, 4, 5, 0, 1, 2, 3, 0, 4, 4, 4]].view(3, 1, 4, 8)
    tokens = Tokens.from_grid(x, torch.arange(3) / 2)
    assert 8 not in kept_cells(KeyframeDrop(6 / 12, 1)(tokens))
    assert 8 in kept_cells(KeyframeDrop(6 / 12, 1, enhance=50)(tokens))


def test_asking_the_key_frame_alone_is_the_limit_of_counting_it_more():
    tokens = film(seed=3)
    limit = KeyframeDrop(0.5, enhance=1e9)(tokens)
    assert torch.equal(KeyframeDrop(0.5, queries="keyframe")(tokens).x, limit.x)


def test_attention_is_held_a_few_rows_at_a_time(monkeypatch):
    tokens = film()
    whole = KeyframeDrop()(tokens)
    monkeypatch.setattr(keyframe_token_drop, "_MOST_FLOATS", 70)
    assert torch.equal(KeyframeDrop()(tokens).x, whole.x)


def test_the_order_of_the_released_code_holds_the_same_tokens():
    tokens = film()
    ours, released = (KeyframeDrop(order=order)(tokens) for order in ("film", "score"))
    assert kept_cells(released)[:6] == [12, 13, 14, 15, 16, 17]
    assert kept_cells(released) != kept_cells(ours)
    assert sorted(kept_cells(released)) == kept_cells(ours)
    assert torch.equal(released.x, tokens.x[kept_cells(released)])


def test_only_the_channels_of_the_asked_space_are_compared():
    noise, seen = film(d=4, seed=1), film(d=8)
    both = seen.beside(Tokens.from_grid(100 * noise.on_grid(""), noise.times_s, space="noise"))
    assert kept_cells(KeyframeDrop(metric="features")(both)) == kept_cells(KeyframeDrop()(seen))


def test_a_film_of_one_frame_is_its_key_frame():
    assert torch.equal(KeyframeDrop(0.1)(film(1)).x, film(1).x)


def test_without_its_middle_frame_the_nearest_one_is_the_key():
    tokens = film(5)
    without = tokens.select(torch.cat([torch.arange(12), torch.arange(18, 30)]))
    assert set(kept_cells(KeyframeDrop(0.1)(without))) == set(range(6, 12))


def test_the_layer_drops_what_the_paper_says():
    block = drawn(lambda: KeyframeDropBlock(24, heads=4), 0)
    x = torch.randn(2, 1568, 24, generator=torch.Generator().manual_seed(0))
    index = torch.arange(1568 - 196).repeat(2, 1)
    for expected in (1098, 769, 539):
        x, index = block(x, index, 196)
        assert x.shape == (2, expected, 24)
        assert index.shape == (2, expected - 196)
        assert all(len(row.unique()) == expected - 196 for row in index)


def test_a_layer_that_keeps_all_is_a_plain_block_of_a_vision_transformer():
    block = drawn(lambda: KeyframeDropBlock(24, heads=4, keep=1.0), 0)
    nn.init.normal_(block.attn.q_bias)
    nn.init.normal_(block.attn.v_bias)
    peer = nn.TransformerEncoderLayer(
        24, 4, 96, 0.0, "gelu", 1e-6, batch_first=True, norm_first=True
    )
    peer.load_state_dict(
        {
            "self_attn.in_proj_weight": block.attn.qkv.weight,
            "self_attn.in_proj_bias": torch.cat(
                [block.attn.q_bias, torch.zeros(24), block.attn.v_bias]
            ),
            **{f"self_attn.out_proj.{k}": v for k, v in block.attn.proj.named_parameters()},
            **{f"linear1.{k}": v for k, v in block.mlp.fc1.named_parameters()},
            **{f"linear2.{k}": v for k, v in block.mlp.fc2.named_parameters()},
            **{f"norm1.{k}": v for k, v in block.norm1.named_parameters()},
            **{f"norm2.{k}": v for k, v in block.norm2.named_parameters()},
        }
    )
    x = torch.randn(2, 10, 24, generator=torch.Generator().manual_seed(1))
    index = torch.arange(7).repeat(2, 1)
    out, same = block(x, index, 3)
    torch.testing.assert_close(out, peer(x), atol=1e-5, rtol=1e-5)
    assert torch.equal(same, index)


def test_the_layers_attention_decides_and_its_numbers_stay_those_of_the_film():
    block = drawn(lambda: KeyframeDropBlock(8, heads=1, keep=0.5, enhance=4), 0)
    with torch.no_grad():
        for weight in (block.attn.proj.weight, block.mlp.fc2.weight, block.mlp.fc2.bias):
            weight.zero_()
        block.attn.proj.bias.zero_()
        block.attn.qkv.weight.copy_(10 * torch.eye(8).repeat(3, 1))
    x = torch.eye(8)[[0, 1, 2, 5, 6, 1]][None]  # the last token looks like one of the key frame's
    out, index = block(x, torch.tensor([[20, 30, 40, 50]]), 2)
    assert index.tolist() == [[50]]
    assert torch.equal(out, x[:, [0, 1, 5]])


def test_gradients_reach_every_weight_of_a_layer_and_what_stayed():
    block = drawn(lambda: KeyframeDropBlock(8, heads=2, keep=0.5), 0).train()
    x = torch.randn(1, 10, 8, generator=torch.Generator().manual_seed(0)).requires_grad_()
    block(x, torch.arange(8)[None], 2)[0].square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in block.parameters())
    assert x.grad is not None
    assert (x.grad.abs().sum(-1) > 0).all()  # those that go are still attended to


def test_a_layer_comes_back_from_its_file(tmp_path):
    block = drawn(lambda: KeyframeDropBlock(8, heads=2, keep=0.5, enhance=4.0), 0)
    back = load_kernel(KeyframeDropBlock, save_kernel(block, tmp_path / "block.safetensors"))
    x, index = torch.randn(1, 10, 8), torch.arange(8)[None]
    assert torch.equal(back(x, index, 2)[0], block(x, index, 2)[0])


@given(n=st.integers(1, 2000), keep=st.floats(0.01, 1))
def test_a_round_never_leaves_less_than_the_key_frame_nor_more_than_there_was(n, keep):
    key = max(1, n // 8)
    assert key <= tokens_left(n, key, keep) <= n
    assert tokens_left(n, key, 1.0) == n


@pytest.mark.parametrize("wrong", [{"keep": 0.0}, {"rounds": 0}, {"enhance": -1.0}, {"tau": 0.0}])
def test_impossible_numbers_are_refused(wrong):
    with pytest.raises(VtkError, match="KeyframeDrop expects"):
        KeyframeDrop(**wrong)


def test_unknown_words_are_answered_with_the_nearest_one():
    with pytest.raises(UnknownNameError, match="Did you mean 'score'"):
        KeyframeDrop(order="scores")
    with pytest.raises(UnknownNameError, match="Did you mean 'keyframe'"):
        KeyframeDrop(queries="key_frame")
