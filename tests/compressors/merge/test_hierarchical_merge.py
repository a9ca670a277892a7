import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import SegmentMerge, SpatialPool
from vtk_notebooks.cost import metered
from vtk_notebooks.errors import ShapeError, UnknownNameError, VtkError


def film(t=8, h=2, w=3, d=16, seed=0, space="made"):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space=space)


def groups_of(tokens):
    out = [set() for _ in range(len(tokens))]
    for token, cell in tokens.edges.tolist():
        out[token].add(cell)
    return out


def published(x, rounds, heads):
    """LongVLM's rounds on one segment, token by token: the members of what is left, in order."""
    held, mean, size = [[i] for i in range(len(x))], x, torch.ones(len(x))
    for r in rounds:
        unit = mean.view(len(mean), heads, -1).mean(1)
        unit = torch.nn.functional.normalize(unit, dim=-1)
        a, b = range(0, len(held), 2), range(1, len(held), 2)
        best = {i: max((float(unit[i] @ unit[j]), j) for j in b) for i in a}
        ranked = sorted(a, key=lambda i: -best[i][0])
        into = {j: [j] for j in b}
        for i in ranked[:r]:
            into[best[i][1]].append(i)
        step = [[i] for i in ranked[r:]] + [into[j] for j in b]
        mean = torch.stack([(mean[m] * size[m, None]).sum(0) / size[m].sum() for m in step])
        size = torch.stack([size[m].sum() for m in step])
        held = [[i for k in m for i in held[k]] for m in step]
    return held, mean


@pytest.mark.parametrize(("places", "each", "tokens"), [(16, 30, 300), (24, 50, 500)])
def test_100_frames_become_as_many_tokens_as_published(places, each, tokens):  # 25,600 -> 300
    made = SegmentMerge(tokens_per_segment=each, heads=1)
    assert made.count((100, places, places)) == (tokens, tokens)
    assert len(made(film(100, places, places, 2))) == tokens


@pytest.mark.parametrize("heads", [1, 4])
def test_a_segment_is_merged_round_by_round_as_published(heads):
    tokens = film(8, 4, 4, 16)
    left, rounds = 10, [64, 32, 16, 6]
    out = SegmentMerge(1, left, heads)(tokens)
    held, mean = published(tokens.x, rounds, heads)
    assert groups_of(out) == [set(m) for m in held]
    torch.testing.assert_close(out.x, mean)


def test_segments_do_not_know_each_other():
    x = film(100, 2, 4).on_grid("test").clone()
    before = SegmentMerge(10, 30)(Tokens.from_grid(x, torch.arange(100) / 2))
    x[90:] = torch.randn(10, 2, 4, 16, generator=torch.Generator().manual_seed(5))
    after = SegmentMerge(10, 30)(Tokens.from_grid(x, torch.arange(100) / 2))
    assert torch.equal(before.x[:270], after.x[:270])
    assert not torch.equal(before.x[270:], after.x[270:])


@given(t=st.integers(1, 30), segments=st.integers(1, 12), each=st.integers(1, 9))
def test_segments_are_stretches_of_nearly_equal_length_in_order(t, segments, each):
    made = SegmentMerge(segments, each, 1)
    out = made(film(t, 1, 2, 3))
    assert made.count((t, 1, 2)) == (len(out), len(out))
    held = groups_of(out)
    assert sorted(c for g in held for c in g) == list(range(2 * t))
    many, first = min(segments, t), 0
    for i in range(many):
        stop = (i + 1) * t // many
        frames = stop - i * t // many
        cells = [c for g in held[first : first + min(each, 2 * frames)] for c in g]
        assert {c // 2 for c in cells} == set(range(i * t // many, stop))
        first += min(each, 2 * frames)


def test_tokens_of_a_segment_may_be_read_in_the_order_of_the_film():
    tokens = film(8, 4, 4)
    merged, filmed = (groups_of(SegmentMerge(2, 11, order=o)(tokens)) for o in ("merged", "film"))
    assert sorted(merged[:11], key=min) == filmed[:11]
    assert sorted(merged[11:], key=min) == filmed[11:]
    assert merged != filmed


def test_one_space_may_decide_what_is_alike():
    tokens = film(space="a").beside(film(seed=1, space="b"))
    by_b = groups_of(SegmentMerge(2, 5, metric="b")(tokens))
    assert by_b == groups_of(SegmentMerge(2, 5)(film(seed=1)))
    assert by_b != groups_of(SegmentMerge(2, 5, metric="a")(tokens))


def test_behind_a_pool_larger_tokens_count_more():
    tokens = film(1, 1, 3)
    out = SegmentMerge(1, 1)(SpatialPool(2)(tokens))
    torch.testing.assert_close(out.x[0], tokens.x.mean(0))


def test_heads_that_do_not_divide_the_channels_are_refused():
    with pytest.raises(ShapeError, match="1 compares all channels"):
        SegmentMerge(heads=5)(film())


def test_comparing_16_bits_holds_no_second_film_in_32():
    x = torch.ones(200, 14, 14, 2048, dtype=torch.bfloat16)  # 160 MB; many channels, few pairs
    tokens = Tokens.from_grid(x, torch.arange(200) / 2)
    with metered() as cost:
        SegmentMerge(segments=200)(tokens)
    assert cost.peak_bytes < tokens.x.nbytes


@pytest.mark.parametrize(
    "wrong", [{"segments": 0}, {"tokens_per_segment": 0}, {"heads": 0}, {"keep": 1.5}]
)
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="SegmentMerge expects"):
        SegmentMerge(**wrong)


def test_an_unknown_order_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'film'"):
        SegmentMerge(order="films")
