import pytest
import torch
from einops import rearrange
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.arrays import generator
from vtk_notebooks.compressors import InLayerMerge
from vtk_notebooks.errors import ShapeError, UnknownNameError, VtkError, WeightsError
from vtk_notebooks.models.merging import MergingStack


def film(t=3, h=4, w=6, d=8, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def groups_of(tokens):
    out = [set() for _ in range(len(tokens))]
    for token, cell in tokens.edges.tolist():
        out[token].add(cell)
    return out


def trained(d=8, layers=4, seed=0):
    """A stack with weights that do something."""
    stack, draw = MergingStack(d, 2, 2 * d, layers), generator(seed)
    with torch.no_grad():
        for weight in stack.parameters():
            weight.copy_(torch.randn(weight.shape, generator=draw) / weight.shape[-1] ** 0.5)
    return stack.eval().requires_grad_(False)


@pytest.mark.parametrize(("ratio", "left"), [(0.1, 109), (0.2, 171), (0.5, 388)])
def test_729_patches_leave_as_many_as_published(ratio, left):  # one less: the class token
    made = InLayerMerge(ratio)
    assert made.count((1, 27, 27)) == (left, left)
    assert len(made(film(1, 27, 27, 2))) == left


def test_a_pair_that_is_alike_merges_in_the_first_layer():
    x = film(1).on_grid("test").clone()
    x.view(-1, 8)[9] = x.view(-1, 8)[2]
    tokens = Tokens.from_grid(x, torch.zeros(1))
    made = InLayerMerge(keep=23 / 24, layers=1, unread=0)
    assert {2, 9} in groups_of(made(tokens))


@given(keep=st.floats(0.02, 1), layers=st.integers(2, 9), inflection=st.floats(-1, 1))
def test_a_budget_is_spread_over_the_layers(keep, layers, inflection):
    made = InLayerMerge(layers=layers, inflection=inflection).at(keep)
    merges, now = made.merges(24), 24
    assert len(merges) == layers - 1
    for merged in merges:
        assert 0 <= merged <= now // 2
        now -= merged
    wanted = max(1, round(keep * 24))
    assert now == wanted or (now > wanted and merges[-1] == (now + merges[-1]) // 2)
    assert made.count((3, 4, 6)) == (3 * now, 3 * now)


def test_merges_may_fall_from_layer_to_layer():
    assert InLayerMerge(0.5, layers=4, unread=0, inflection=-1.0).merges(48) == [12, 8, 4, 0]
    assert InLayerMerge(0.5, layers=4, unread=0).merges(48) == [6, 6, 6, 6]
    assert sorted(InLayerMerge(layers=4, inflection=-1.0, keep=0.5).merges(60), reverse=True) == (
        InLayerMerge(layers=4, inflection=-1.0, keep=0.5).merges(60)
    )


@settings(max_examples=20)  # each runs a whole stack
@given(seed=st.integers(0, 99), keep=st.floats(0.05, 1))
def test_without_a_file_it_is_the_stack_at_its_initial_value(seed, keep):
    tokens, made = film(seed=seed), InLayerMerge(layers=5, keep=keep)
    x = rearrange(tokens.x, "(t s) d -> t s d", t=3)
    with torch.no_grad():
        y, _, group = MergingStack(8, 1, 16, 5)(x, made.merges(24))
    out = made(tokens)
    stack = [
        {24 * t + i for i in range(24) if group[t, i] == k}
        for t in range(3)
        for k in range(y.shape[1])
    ]
    assert sorted(map(sorted, groups_of(out))) == sorted(map(sorted, stack))
    rows = [stack.index(g) for g in groups_of(out)]
    torch.testing.assert_close(out.x, rearrange(y, "t k d -> (t k) d")[rows])


def test_a_trained_stack_gives_its_own_features_in_film_order(tmp_path):
    tokens, stack = film(), trained()
    stack.save(tmp_path / "a.safetensors")
    made = InLayerMerge(layers=4, unread=0, keep=0.5, file=str(tmp_path / "a.safetensors"))
    out = made(tokens)
    x = rearrange(tokens.x, "(t s) d -> t s d", t=3)
    y, size, group = stack(x, made.merges(24))
    assert out.kind == "receptive"
    assert out.spaces == (("in_layer_merge", 8),)
    assert [min(g) for g in groups_of(out)] == sorted(min(g) for g in groups_of(out))
    for row, cells in zip(out.x, groups_of(out), strict=True):
        t, i = divmod(min(cells), 24)
        torch.testing.assert_close(row, y[t, group[t, i]])
        assert len(cells) == size[t, group[t, i]]


def test_frames_of_different_sizes_keep_their_own_features(tmp_path):
    stack = trained()
    stack.save(tmp_path / "a.safetensors")
    made = InLayerMerge(layers=4, unread=0, keep=0.5, file=str(tmp_path / "a.safetensors"))
    some = film().select(torch.cat([torch.arange(10), torch.arange(24, 72)]))
    alone = made(film().select(torch.arange(24, 48)))
    torch.testing.assert_close(made(some).x[5:17], alone.x)


def test_a_stack_for_other_tokens_is_refused(tmp_path):
    file = str(tmp_path / "a.safetensors")
    trained(d=6).save(file)
    with pytest.raises(ShapeError, match="6 channels and 4 layers"):
        InLayerMerge(layers=4, file=file)(film())
    trained().save(file)
    with pytest.raises(ShapeError, match="Mind `layers`"):
        InLayerMerge(file=file)(film())


def test_a_file_without_a_stack_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="a trained stack"):
        InLayerMerge(file=str(tmp_path / "none.safetensors"))(film())


def test_in_16_bits_it_merges_as_it_does_the_same_numbers_in_32():
    x = (1 + film(2, 8, 8).on_grid("test") / 8).bfloat16()
    made = InLayerMerge(layers=4, keep=0.3)
    narrow, wide = (made(Tokens.from_grid(y, torch.arange(2) / 2)) for y in (x, x.float()))
    assert groups_of(narrow) == groups_of(wide)


def test_heads_that_do_not_divide_the_channels_are_refused():
    with pytest.raises(ShapeError, match="1 compares all channels"):
        InLayerMerge(heads=3)(film())


@pytest.mark.parametrize(
    "wrong", [{"ratio": 1.5}, {"inflection": -2.0}, {"unread": 32}, {"heads": 0}, {"keep": 1.5}]
)
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="InLayerMerge expects"):
        InLayerMerge(**wrong)


def test_an_unknown_bias_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'key'"):
        InLayerMerge(bias="keys")
