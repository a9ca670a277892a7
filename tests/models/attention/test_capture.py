"""Capture: equal to eager attention, beside a path that it does not touch, and gone afterwards."""

from typing import Any

import pytest
import torch
from torch import nn

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention import attention_layers, capture


def vision(attention) -> Any:
    from transformers import Dinov2Config, Dinov2Model

    config = Dinov2Config(
        hidden_size=32, num_hidden_layers=3, num_attention_heads=4, image_size=32, patch_size=8,
        initializer_range=0.3,
    )  # fmt: skip
    return _seeded(Dinov2Model, config, attention), {"pixel_values": _draw(2, 3, 32, 32)}


def language(attention) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4,
        num_key_value_heads=2, vocab_size=64, initializer_range=0.3,
    )  # fmt: skip
    ids = torch.randint(0, 64, (2, 9), generator=torch.Generator().manual_seed(1))
    padded = torch.ones_like(ids)
    padded[0, :3] = 0
    given = {"input_ids": ids, "attention_mask": padded}
    return _seeded(LlamaForCausalLM, config, attention), given


MODELS = {"vision": vision, "language": language}
EVERY = pytest.mark.parametrize("kind", MODELS)


def _seeded(kind, config, attention):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return kind._from_config(config, attn_implementation=attention).eval()


def _draw(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(2))


def last(out):
    return out.logits if "logits" in out else out.last_hidden_state


@torch.no_grad()
def truth(kind):
    model, given = MODELS[kind]("eager")
    return model(**given, output_attentions=True).attentions


@EVERY
@torch.no_grad()
def test_it_equals_eager_attention_while_sdpa_runs(kind):
    model, given = MODELS[kind]("sdpa")
    with capture(model) as seen:
        model(**given)
    ours, theirs = list(seen), truth(kind)
    assert len(ours) == len(theirs) == 3
    kept = given.get("attention_mask", torch.ones(2, theirs[0].shape[2])).bool()
    for a, b in zip(ours, theirs, strict=True):
        rows = kept[:, None, :, None].expand_as(b)  # what padding looks at, nobody reads
        torch.testing.assert_close(a.weights[rows], b[rows], atol=1e-5, rtol=0)


@EVERY
@torch.no_grad()
def test_the_model_s_own_output_is_the_same_bit_for_bit(kind):
    model, given = MODELS[kind]("sdpa")
    before = last(model(**given))
    with capture(model):
        during = last(model(**given))
    assert torch.equal(before, during)
    assert torch.equal(before, last(model(**given)))


@EVERY
@torch.no_grad()
def test_layers_heads_and_rows_are_chosen(kind):
    model, given = MODELS[kind]("sdpa")
    with capture(model, [-1, 0], heads=[2, 0], rows=[-1, 4]) as seen:
        model(**given)
    first, last_ = truth(kind)[0], truth(kind)[-1]
    assert [m.layer for m in seen] == [list(attention_layers(model))[i] for i in (0, -1)]
    for ours, theirs in zip(seen, (first, last_), strict=True):
        count = theirs.shape[2]
        expected = theirs[:, [2, 0]][:, :, [count - 1, 4]]
        torch.testing.assert_close(ours.weights, expected, atol=1e-5, rtol=0)
        assert ours.rows.tolist() == [count - 1, 4]
        assert ours.heads == (2, 0)


@EVERY
@torch.no_grad()
def test_what_is_reduced_at_once_is_all_that_is_held(kind):
    model, given = MODELS[kind]("sdpa")
    with capture(model, rows=[4], reduce="mean") as mean, capture(model, rows=[4]) as every:
        model(**given)
    assert every.bytes == 4 * mean.bytes
    for a, b in zip(mean, every, strict=True):
        torch.testing.assert_close(a.weights, b.weights.mean(1, keepdim=True))


@EVERY
@torch.no_grad()
def test_a_model_that_runs_eager_gives_its_own_weights(kind):
    model, given = MODELS[kind]("eager")
    with capture(model, rows=[4]) as seen:
        model(**given)
    for ours, theirs in zip(seen, truth(kind), strict=True):
        torch.testing.assert_close(ours.weights, theirs[:, :, [4]])


@torch.no_grad()
def test_each_generated_token_leaves_a_map_of_its_own():
    model, _ = language("sdpa")
    with capture(model, 0) as seen:
        model.generate(torch.tensor([[1, 2, 3]]), max_new_tokens=3, do_sample=False, pad_token_id=0)
    [maps] = seen.maps.values()
    assert [tuple(m.weights.shape[2:]) for m in maps] == [(3, 3), (1, 4), (1, 5)]
    for m in maps:
        torch.testing.assert_close(m.weights.sum(-1), torch.ones_like(m.weights[..., 0]))


@torch.no_grad()
@pytest.mark.parametrize("batch_first", [True, False])
def test_torch_s_own_attention_is_captured_too(batch_first):
    layer = _seeded_module(nn.MultiheadAttention, 16, 4, batch_first=batch_first)
    x, memory = _draw(2, 5, 16), _draw(2, 7, 16)
    if not batch_first:
        x, memory = x.transpose(0, 1), memory.transpose(0, 1)
    blocked = torch.zeros(2, 7, dtype=torch.bool)
    blocked[1, 5:] = True
    with capture(layer, rows=[0, 3]) as seen:
        _, theirs = layer(x, memory, memory, key_padding_mask=blocked, average_attn_weights=False)
    torch.testing.assert_close(seen[""].weights, theirs[:, :, [0, 3]])


@torch.no_grad()
def test_a_transformer_of_torch_is_captured_layer_by_layer():
    block = _seeded_module(nn.TransformerEncoderLayer, 16, 4, 32, batch_first=True)
    stack = nn.TransformerEncoder(block, 2, enable_nested_tensor=False).eval()
    before = stack(_draw(1, 6, 16))
    with capture(stack) as seen:
        during = stack(_draw(1, 6, 16))
    assert [m.layer for m in seen] == ["layers.0.self_attn", "layers.1.self_attn"]
    assert seen["layers.1.self_attn"].weights.shape == (1, 4, 6, 6)
    torch.testing.assert_close(before, during)


def _seeded_module(kind, *args, **more):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return kind(*args, dropout=0.0, **more).eval()


def test_nothing_is_left_behind_even_after_an_error():
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS as FUNCTIONS

    model, _ = language("sdpa")
    before = dict(FUNCTIONS)
    with capture(model):
        assert FUNCTIONS["sdpa"] is not before["sdpa"]
    with pytest.raises(ZeroDivisionError), capture(model):
        _ = 1 / 0
    assert dict(FUNCTIONS) == before
    for module in model.modules():
        assert not module._forward_hooks
        assert not module._forward_pre_hooks


@torch.no_grad()
def test_another_model_that_runs_meanwhile_is_not_captured():
    (model, given), (other, _) = language("sdpa"), language("sdpa")
    with capture(model) as seen:
        other(**given)
    assert seen.maps == {}
    with pytest.raises(VtkError, match="run the model inside the with"):
        seen["model.layers.0.self_attn"]


def test_what_is_not_there_is_named():
    model, _ = language("sdpa")
    with (
        pytest.raises(VtkError, match=r"match 'vision'.*model\.layers\.0\.self_attn"),
        capture(model, "vision"),
    ):
        pass
    with pytest.raises(VtkError, match="layer 9 of 3"), capture(model, 9):
        pass
    with pytest.raises(VtkError, match="mean, max"), capture(model, reduce="median"):
        pass
