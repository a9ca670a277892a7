import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cosine_similarity

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import ObjectTokens, Uniform
from vtk_notebooks.compressors.pool.object_tokens import mask_pool, merge_in_time
from vtk_notebooks.errors import ShapeError, VtkError


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def some(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) < 0.4


def film(t=6, h=4, w=5, seed=0):
    return Tokens.from_grid(draw(t, h, w, 7, seed=seed), torch.arange(t).float(), space="made")


@given(seed=st.integers(0, 99))
def test_pooling_is_the_mean_under_the_mask(seed):
    x, mask = draw(3, 5, 4, 6, seed=seed), some(3, 4, 6, seed=seed)
    mask[:, 0, 0] = True
    by_hand = torch.stack([x[b][:, mask[b]].mean(1) for b in range(3)])
    torch.testing.assert_close(mask_pool(x, mask), by_hand)


def test_a_constant_feature_is_pooled_to_that_constant_whatever_the_mask():
    x = torch.full((2, 3, 4, 4), 0.7)
    mask = torch.rand(2, 4, 4, generator=torch.Generator().manual_seed(0)) + 0.01
    torch.testing.assert_close(mask_pool(x, mask), torch.full((2, 3), 0.7))
    assert not mask_pool(x, torch.zeros(2, 4, 4)).any()


def test_identical_neighbours_are_merged_first():
    x = draw(6, 8)
    x[3] = x[2]
    for at_once in (True, False):
        assert merge_in_time(x, 5, at_once=at_once).tolist() == [0, 1, 2, 2, 3, 4]


@given(seed=st.integers(0, 99), t=st.integers(1, 9), left=st.integers(1, 9), at_once=st.booleans())
def test_merging_keeps_order_and_leaves_as_many_as_it_should(seed, t, left, at_once):
    group = merge_in_time(draw(t, 4, seed=seed), left, at_once=at_once)
    assert group[0] == 0
    assert set(group.diff().tolist()) <= {0, 1}
    assert int(group[-1]) + 1 == min(left, t)


@given(seed=st.integers(0, 99))
def test_at_once_the_least_alike_neighbours_are_where_the_object_is_cut(seed):
    x = draw(8, 4, seed=seed)
    alike = cosine_similarity(x[1:], x[:-1], dim=-1)
    cuts = (merge_in_time(x, 4).diff() == 1).nonzero().squeeze(1)
    assert set(cuts.tolist()) == set(alike.argsort()[:3].tolist())


def test_one_by_one_means_are_compared_again():
    turn = torch.tensor([0.0, 0.1, 0.25, 0.42]) * torch.pi
    x = torch.stack([turn.cos(), turn.sin()], 1)  # neighbours drift farther and farther apart
    assert merge_in_time(x, 2).tolist() == [0, 0, 0, 1]
    assert merge_in_time(x, 2, at_once=False).tolist() == [0, 0, 1, 1]


def test_a_token_is_the_mean_over_its_frames_of_the_mean_under_the_mask():
    tokens, masks = film(), some(1, 6, 4, 5, seed=1)
    masks[:, :, 0, 0] = True
    out = ObjectTokens(tokens=2).of(tokens, masks)
    grid = tokens.on_grid("test").permute(0, 3, 1, 2)
    pooled = mask_pool(grid, masks[0])
    group = merge_in_time(pooled, 2)
    by_hand = torch.stack([pooled[group == k].mean(0) for k in range(2)])
    torch.testing.assert_close(out.x, by_hand, atol=1e-6, rtol=1e-5)


def test_objects_come_one_after_the_other_and_one_that_is_never_seen_has_no_token():
    tokens, masks = film(), torch.zeros(3, 6, 8, 10, dtype=torch.bool)
    masks[0, :, :4, :5], masks[2, 2:4, 4:, 5:] = True, True
    out = ObjectTokens(tokens=3).of(tokens, masks)
    assert len(out) == 3 + 2
    frames, rows = out.centre()[:, 0], out.centre()[:, 1]
    assert (rows[:3] < 1.5).all()
    assert (rows[3:] > 1.5).all()
    assert frames[3:].tolist() == pytest.approx([2, 3])


def test_a_mask_counts_a_cell_by_the_part_of_it_that_it_covers():
    tokens, masks = film(1, 1, 2), torch.zeros(1, 1, 4, 8, dtype=torch.bool)
    masks[..., 2:5] = True  # half of the left cell, a quarter of the right one
    out = ObjectTokens().of(tokens, masks)
    assert out.share.tolist() == pytest.approx([2 / 3, 1 / 3])
    box = ObjectTokens(boxes=((0.25, 0.0, 0.625, 1.0),))(tokens)
    torch.testing.assert_close(box.x, out.x)


def test_the_whole_frame_is_an_object_too():
    tokens = film(2)
    out = ObjectTokens()(tokens)
    torch.testing.assert_close(out.x, tokens.on_grid("test").mean((1, 2)), atol=1e-6, rtol=1e-5)


def test_what_is_asked_of_it_must_make_sense():
    with pytest.raises(VtkError, match="seen in some frame"):
        ObjectTokens().of(film(), torch.zeros(1, 6, 4, 5, dtype=torch.bool))
    with pytest.raises(ShapeError, match="masks of 6 frames"):
        ObjectTokens().of(film(), torch.ones(1, 5, 4, 5, dtype=torch.bool))
    with pytest.raises(ShapeError, match="Put it first"):
        ObjectTokens()(Uniform(0.5)(film()))


@pytest.mark.parametrize(
    "wrong", [{"boxes": ()}, {"boxes": ((0.5, 0.0, 0.5, 1.0),)}, {"tokens": 0}]
)
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="ObjectTokens"):
        ObjectTokens(**wrong)
