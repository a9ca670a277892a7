"""Attention between two sequences, and of modules of our own, beside what they do."""

import pytest
import torch
from einops import rearrange
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from vtk_notebooks.blocks.gated_text import GatedCrossAttention
from vtk_notebooks.blocks.qformer import QFormer
from vtk_notebooks.compressors.select.text_frame_pool import FrameAttention
from vtk_notebooks.mixers.context_refiner import RefinementDecoder
from vtk_notebooks.models.attention import attention_layers, capture


def draw(*shape, seed=2):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def seeded(make, *args, **more):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return make(*args, **more).eval()


class Mine(nn.Module):
    """Attention as many write it: queries, keys and values of one's own, torch's fused call."""

    def __init__(self, causal=False):
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(16, 16) for _ in range(3))
        self.causal = causal

    def heads(self, net, x):
        return rearrange(net(x), "b n (h c) -> b h n c", h=4)

    def forward(self, x, mask=None):
        q, k, v = (self.heads(net, x) for net in (self.q, self.k, self.v))
        if self.causal:
            return scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.1)
        return scaled_dot_product_attention(q, k, v, mask)


@torch.no_grad()
@pytest.mark.parametrize("mask", [None, "bool", "float"])
def test_a_module_of_one_s_own_is_captured_beside_its_fused_call(mask):
    module, x = seeded(Mine), draw(2, 5, 16)
    logits = module.heads(module.q, x) @ module.heads(module.k, x).mT / 2
    may = torch.ones(5, 5, dtype=torch.bool).tril()
    given = {None: None, "bool": may, "float": draw(2, 1, 5, 5)}[mask]
    if mask == "bool":
        logits = logits.masked_fill(~may, -torch.inf)
    elif mask == "float":
        logits = logits + given
    before = module(x, given)
    with capture(module, rows=[0, 3], heads=[1]) as seen:
        during = module(x, given)
    assert torch.equal(before, during)
    expected = logits.softmax(-1)[:, [1]][:, :, [0, 3]]
    torch.testing.assert_close(seen[""].weights, expected, atol=1e-5, rtol=0)


@torch.no_grad()
def test_its_own_scale_and_causality_are_kept():
    module, x = seeded(Mine, causal=True), draw(1, 5, 16)
    logits = module.heads(module.q, x) @ module.heads(module.k, x).mT * 0.1
    expected = logits.masked_fill(torch.ones(5, 5).triu(1).bool(), -torch.inf).softmax(-1)
    with capture(module) as seen:
        module(x)
    torch.testing.assert_close(seen[""].weights, expected, atol=1e-5, rtol=0)


@torch.no_grad()
def test_it_is_watched_only_while_it_runs_and_not_after_an_error():
    module, x = seeded(Mine), draw(1, 5, 16)
    with capture(module) as seen:
        scaled_dot_product_attention(x, x, x)
        assert seen.maps == {}
        with pytest.raises(RuntimeError):
            module(draw(1, 5, 3))
        scaled_dot_product_attention(x[None], x[None], x[None])
    assert seen.maps == {}
    with pytest.raises(ZeroDivisionError), capture(module):
        _ = 1 / 0
    assert not module._forward_hooks
    assert not module._forward_pre_hooks


@torch.no_grad()
def test_our_own_modules_are_captured():
    text, frames = draw(3, 16), draw(2, 6, 16)
    pool = seeded(FrameAttention, 16, 4)
    with capture(pool) as seen:
        pool(text, frames)
    q = rearrange(pool.q_proj(text), "m (a c) -> a m c", a=4)
    k = rearrange(pool.k_proj(frames), "b t (a c) -> b a t c", a=4)
    torch.testing.assert_close(seen[""].weights, (q @ k.mT / 2).softmax(-1))

    reader = seeded(GatedCrossAttention, 16, 8, gate=1.0)
    may = torch.ones(2, 4, 7, dtype=torch.bool)
    may[:, 0, 3:] = False
    with capture(reader) as seen:
        reader(draw(2, 4, 16), draw(2, 7, 8), may)
    (words,) = seen
    assert words.weights.shape[2:] == (4, 7)
    assert words.weights[:, :, 0, 3:].max() == 0
    torch.testing.assert_close(words.weights.sum(-1), torch.ones_like(words.weights[..., 0]))


@torch.no_grad()
def test_what_a_q_former_of_ours_looks_at_is_captured_apart_from_what_it_says_to_itself():
    former = seeded(QFormer, 8, hidden=16)
    with capture(former, "look") as seen:
        former(draw(1, 3, 16), draw(1, 9, 8))
    (look,) = seen
    assert (look.layer, look.weights.shape) == ("layers.0.look", (1, 4, 3, 9))


def bart(attention):
    from transformers import BartConfig, BartModel

    config = BartConfig(
        vocab_size=64, d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=48, decoder_ffn_dim=48,
        max_position_embeddings=64, init_std=0.3,
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = BartModel._from_config(config, attn_implementation=attention).eval()
    ids = torch.arange(3, 17).view(2, 7)
    kept = torch.ones_like(ids)
    kept[0, 4:] = 0
    given = {"input_ids": ids, "decoder_input_ids": ids[:, :5], "attention_mask": kept}
    return model, given, "encoder_attn"


def q_former(attention):
    from transformers import InstructBlipVideoQFormerConfig, InstructBlipVideoQFormerModel

    config = InstructBlipVideoQFormerConfig(
        vocab_size=64, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=48, encoder_hidden_size=24, cross_attention_frequency=1,
        initializer_range=0.3, max_position_embeddings=64,
    )  # fmt: skip
    config._attn_implementation = attention
    given = {
        "input_ids": torch.arange(3)[None],
        "attention_mask": torch.ones(1, 7),
        "query_embeds": draw(1, 4, 32),
        "encoder_hidden_states": draw(1, 9, 24),
    }
    return seeded(InstructBlipVideoQFormerModel, config), given, "crossattention"


@torch.no_grad()
@pytest.mark.parametrize("make", [bart, q_former])
def test_attention_across_to_another_sequence_is_what_eager_gives(make):
    model, given, name = make("sdpa")
    with capture(model, name) as seen:
        model(**given)
    eager, given, _ = make("eager")
    truth = eager(**given, output_attentions=True).cross_attentions
    assert len(list(seen)) == len(truth) == 2
    for ours, theirs in zip(seen, truth, strict=True):
        assert theirs.std() > 1e-3
        torch.testing.assert_close(ours.weights, theirs, atol=1e-5, rtol=0)


def test_a_kernel_of_ours_has_its_layers_named():
    kernel = seeded(RefinementDecoder, 16, inner=12, depth=2, heads=2)
    assert list(attention_layers(kernel)) == ["layers.0", "layers.1"]
