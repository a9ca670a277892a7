import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.errors import ShapeError, SpaceError, VtkError
from vtk_notebooks.mixers import NtkPositions
from vtk_notebooks.mixers.ntk_positions import frequencies, ntk_base, rotated

WIDTHS = st.sampled_from([4, 8, 64, 128])
SCALES = st.floats(1, 64)


def film(t=4, h=2, w=3, d=8, seed=0, space="made"):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return Tokens.from_grid(x, torch.arange(t) / 2, space=space)


@given(d=WIDTHS, scale=SCALES, base=st.floats(100, 1e6))
def test_the_fastest_pair_turns_as_before_and_the_slowest_exactly_s_times_slower(d, scale, base):
    plain, stretched = frequencies(d, base), frequencies(d, base, scale)
    assert stretched[0] == plain[0] == 1
    torch.testing.assert_close(plain[-1] / stretched[-1], torch.tensor(scale).double())
    assert (stretched <= plain).all()


def test_a_window_s_times_as_long_reaches_no_slow_angle_that_was_not_trained():
    assert (
        8 * 576 * 4 * frequencies(128, 1e4, 4.0)[-1] <= 8 * 576 * frequencies(128, 1e4)[-1] + 1e-9
    )


@given(p=st.integers(0, 5000), q=st.integers(0, 5000), by=st.integers(0, 5000), scale=SCALES)
def test_a_product_knows_only_how_far_apart_two_tokens_are(p, q, by, scale):
    a, b = film(1, 1, 2).x
    speed = frequencies(8, 1e4, scale)

    def product(i, j):
        at = torch.tensor([i, j]).double()
        return rotated(a, at[0], speed) @ rotated(b, at[1], speed)

    torch.testing.assert_close(product(p, q), product(p + by, q + by))


@given(scale=SCALES, heads=st.sampled_from([1, 2, 4]))
def test_turning_changes_no_length_and_not_the_first_token(scale, heads):
    tokens = film()
    out = NtkPositions(scale=scale, heads=heads)(tokens)
    torch.testing.assert_close(out.x.norm(dim=1), tokens.x.norm(dim=1))
    torch.testing.assert_close(out.x[0], tokens.x[0])
    assert not torch.allclose(out.x[1], tokens.x[1])


def test_it_turns_as_llama_does():
    from transformers import LlamaConfig
    from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

    rope = {"rope_type": "default", "rope_theta": ntk_base(1e4, 16, 4.0)}
    config = LlamaConfig(hidden_size=32, num_attention_heads=2, rope_parameters=rope)
    tokens = film(10, 2, 3, 32)
    x = tokens.x.float().view(1, 60, 2, 16).transpose(1, 2)
    cos, sin = LlamaRotaryEmbedding(config)(x, torch.arange(60)[None])
    theirs, _ = apply_rotary_pos_emb(x, x, cos, sin)
    ours = NtkPositions(scale=4.0, heads=2)(tokens).x.float()
    torch.testing.assert_close(ours, theirs.transpose(1, 2).reshape(60, 32), atol=1e-5, rtol=1e-4)


def test_the_scale_may_follow_from_a_trained_window():
    tokens = film()
    assert torch.equal(NtkPositions(window=6)(tokens).x, NtkPositions(scale=4.0)(tokens).x)
    assert torch.equal(NtkPositions(window=24)(tokens).x, NtkPositions(scale=1.0)(tokens).x)
    assert torch.equal(NtkPositions(window=99)(tokens).x, NtkPositions(scale=1.0)(tokens).x)


def test_only_one_space_is_turned_and_nobody_compares_it_by_mistake():
    tokens = film(space="a").beside(film(seed=1, space="b"))
    out = NtkPositions(space="b")(tokens)
    assert torch.equal(out.part("a"), tokens.part("a"))
    torch.testing.assert_close(out.part("b turned"), NtkPositions()(film(seed=1, space="b")).x)
    assert out.kind == "concat"
    with pytest.raises(SpaceError):
        out.part("b")


def test_long_sequences_are_turned_in_parts_alike(monkeypatch):
    whole = NtkPositions()(film()).x
    monkeypatch.setattr("vtk_notebooks.mixers.ntk_positions._AT_ONCE", 5)
    assert torch.equal(NtkPositions()(film()).x, whole)


def test_channels_that_make_no_pairs_are_refused():
    with pytest.raises(ShapeError, match="channels in pairs for 1 heads"):
        NtkPositions()(film(d=7))
    with pytest.raises(ShapeError, match="Mind `heads`"):
        NtkPositions(heads=8)(film())


@pytest.mark.parametrize("wrong", [{"scale": 0.5}, {"base": 1.0}, {"window": -1}, {"heads": 0}])
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="NtkPositions expects"):
        NtkPositions(**wrong)
