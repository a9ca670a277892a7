import math
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens, build
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.errors import ShapeError, UnknownNameError, VtkError
from vtk_notebooks.mixers.context_refiner import (
    ContextRefiner,
    RefinementDecoder,
    region_features,
    remapped,
    sine_code,
)

close = partial(torch.testing.assert_close, atol=1e-5, rtol=1e-5)
small = partial(ContextRefiner, inner=24, depth=2, heads=2)
WHOLE = torch.tensor([[[0.0, 0.0, 1.0, 1.0]]])


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def film(t=5, h=3, w=4, d=8, seed=0, dtype=torch.float32):
    return Tokens.from_grid(draw(t, h, w, d, seed=seed).to(dtype), torch.arange(t) / 2)


def dropped(tokens, order="film"):
    """What a key-frame drop leaves."""
    return build("compressor", "keyframe_token_drop", keep=0.6, rounds=2, order=order)(tokens)


# -- back to the grid ------------------------------------------------------------------------


@given(kept=st.sets(st.integers(0, 19), min_size=1), seed=st.integers(0, 9))
def test_what_was_kept_comes_back_where_it_was_and_a_mask_everywhere_else(kept, seed):
    tokens = film(5, 2, 2, seed=seed)
    order = torch.tensor(sorted(kept))[torch.randperm(len(kept))]
    left, mask = tokens.select(order), draw(8, seed=99)
    full = remapped(left.x[None], left.owner().view(1, -1), mask)[0]
    gone = sorted(set(range(20)) - kept)
    assert torch.equal(full[order], tokens.x[order])
    assert torch.equal(full[gone], mask.expand(len(gone), 8))


def test_by_cell_the_order_of_the_tokens_does_not_matter():
    a, b = (dropped(film(), order) for order in ("film", "score"))
    refine = small()
    assert refine.places(b).tolist() == b.edges[:, 1].tolist() != a.edges[:, 1].tolist()
    by_cell = [out.x[out.edges[:, 1].argsort()] for out in (refine(a), refine(b))]
    close(*by_cell)
    close(refine.actors(a), refine.actors(b))


def test_the_released_way_scrambles_all_but_the_key_frame_and_changes_what_actors_see():
    left = dropped(film(8, 7, 7), "score")
    right, wrong = (small(remap=way) for way in ("cell", "released"))
    cells, places = left.edges[:, 1], wrong.places(left)
    key = (cells >= 4 * 49) & (cells < 5 * 49)
    assert torch.equal(places[key], cells[key])
    assert (places[~key] != cells[~key]).float().mean() > 0.9
    assert places.sort().values.tolist() == cells.sort().values.tolist()
    assert torch.equal(wrong.owners(left).flatten()[places], torch.arange(len(left)))
    assert torch.equal(wrong.owners(left) < 0, right.owners(left) < 0)
    assert (wrong.actors(left) - right.actors(left)).abs().max() > 1e-2
    in_order = dropped(film(8, 7, 7))
    close(wrong.actors(in_order), right.actors(in_order))


def test_a_merged_token_stands_in_all_its_cells():
    merged = build("compressor", "temporal_pool", frames=5)(film())
    other = build("compressor", "uniform", keep=0.2)(film())
    kernel = drawn(lambda: RefinementDecoder(8, 24, 1, 2), 0)
    same = Tokens.from_grid(merged.x.view(1, 3, 4, 8).expand(5, 3, 4, 8), merged.times_s)
    full = [
        remapped(x.x[None], x.owner().view(1, -1), kernel.mask_token[:8]) for x in (merged, same)
    ]
    assert torch.equal(*full)
    assert len(other) == len(merged)


def test_a_place_has_one_code_and_no_place_has_none():
    code = sine_code(torch.tensor([0, 3, 700, -1]), 6)
    assert code[0].tolist() == [0, 1, 0, 1, 0, 1]
    close(code[1, :2], torch.tensor([math.sin(3), math.cos(3)]))
    assert code[2, 4].item() == pytest.approx(math.sin(700 / 10000 ** (4 / 6)), abs=1e-4)
    assert not code[3].any()


# -- regions ---------------------------------------------------------------------------------


def test_a_region_is_the_maximum_over_its_box_averaged_over_time():
    x = torch.zeros(1, 2, 14, 14, 3)
    x[0, 0, 3, 4, 0], x[0, 1, 9, 9, 0] = 8.0, 4.0  # in one frame each
    x[0, :, :, :, 1] = 5.0
    x[0, 0, 0, 13, 2] = 9.0  # outside of the box
    box = torch.tensor([[[0.1, 0.1, 0.8, 0.8]]])
    out = region_features(x, box)[0, 0]
    assert out[1].item() == pytest.approx(5.0)
    assert out[2].item() == pytest.approx(0.0, abs=1e-6)
    whole = region_features(x, WHOLE)[0, 0]
    # A bin is 2 x 2 readings, here of one cell each: 8 / 4 in one frame, 4 / 4 in the other.
    assert whole.tolist() == pytest.approx([1.5, 5.0, 1.125])
    assert out[0] > whole[0]  # finer bins
    corner = torch.tensor([[[0.9, 0.0, 1.0, 0.1]]])  # top right, where the third channel is
    assert region_features(x, corner)[0, 0].tolist() == pytest.approx([0, 5, 4.5], abs=1e-5)


def test_boxes_of_a_batch_are_read_from_their_own_film():
    x = draw(2, 3, 5, 5, 4)
    boxes = torch.tensor([[[0.0, 0.0, 0.5, 0.5], [0.2, 0.2, 1.0, 1.0]]] * 2)
    alone = torch.cat([region_features(x[i : i + 1], boxes[i : i + 1]) for i in range(2)])
    close(region_features(x, boxes), alone)


def test_a_box_is_read_a_little_wider_and_never_outside_the_frame():
    kernel = RefinementDecoder(8, 24, 1, 2)
    boxes = torch.tensor([[[0.4, 0.4, 0.6, 0.6], [0.0, 0.0, 1.0, 1.0]]])
    close(kernel.widened(boxes), torch.tensor([[[0.36, 0.38, 0.64, 0.62], [0, 0, 1, 1]]]))


# -- the decoder and the public class --------------------------------------------------------


def test_actors_and_tokens_hear_each_other_even_of_what_is_far():
    kernel = drawn(lambda: RefinementDecoder(8, 24, 1, 2), 0)
    x = draw(1, 6, 8).requires_grad_()
    place, owner = torch.arange(6)[None], torch.arange(6).view(1, 3, 1, 2)
    told, actors = kernel(x, place, owner, WHOLE)
    assert told.shape == (1, 6, 8)
    assert actors.shape == (1, 1, 24)
    for out in (told[0, 0], actors[0, 0]):
        (slope,) = torch.autograd.grad(out.sum(), x, retain_graph=True)
        assert (slope[0].abs().sum(1) > 0).all()


def test_in_a_film_that_is_the_same_everywhere_only_places_tell_tokens_and_regions_apart():
    kernel = drawn(lambda: RefinementDecoder(8, 24, 1, 2), 0)
    cells, boxes = torch.arange(12), torch.tensor([[[0, 0, 0.3, 0.3], [0.7, 0.7, 1, 1]]])
    told, actors = kernel(torch.ones(1, 12, 8), cells[None], cells.view(1, 1, 3, 4), boxes)
    assert (told[0, 0] - told[0, 1]).norm() > 1e-2
    assert (actors[0, 0] - actors[0, 1]).norm() > 1e-2
    told, actors = kernel(
        torch.ones(1, 12, 8), torch.full((1, 12), -1), torch.full((1, 1, 3, 4), -1), boxes
    )
    close(told[0, 0], told[0, 1])


def test_gradients_reach_every_weight():
    kernel = drawn(lambda: RefinementDecoder(8, 24, 2, 2), 0).train()
    owner = torch.tensor([0, -1, 1, 2]).view(1, 2, 1, 2)
    told, actors = kernel(draw(1, 3, 8), torch.tensor([[0, 2, 3]]), owner, WHOLE)
    (told.square().sum() + actors.square().sum()).backward()
    idle = [n for n, p in kernel.named_parameters() if p.grad is None or not p.grad.any()]
    assert idle == []


def test_539_tokens_of_1568_and_a_box_go_through_six_layers_of_384_channels():
    left = build("compressor", "keyframe_token_drop")(film(8, 14, 14))
    refine = ContextRefiner(boxes=((0.2, 0.2, 0.5, 0.9), (0.0, 0.0, 1.0, 1.0)))
    assert refine(left).x.shape == (539, 8)
    assert refine.actors(left).shape == (2, 384)
    assert len(RefinementDecoder(8).layers) == 6


def test_a_trained_decoder_brings_its_sizes_and_speaks_as_loud_as_it_was_trained_to(tmp_path):
    kernel, left = drawn(lambda: RefinementDecoder(8, 24, 2, 2, (0.0, 0.0)), 3), dropped(film())
    refine = ContextRefiner(file=save_kernel(kernel, tmp_path / "decoder.safetensors"))
    told, actors = kernel(left.x[None], left.edges[None, :, 1], left.owner()[None], WHOLE)
    close(refine(left).x, left.x + told[0].detach())
    close(refine.actors(left), actors[0].detach())
    assert refine(left).kind == "receptive"
    assert not refine(left).x.requires_grad
    with pytest.raises(ShapeError, match="8 channels"):
        refine(film(d=6))


def test_an_untrained_decoder_is_as_quiet_as_its_gain_says_and_follows_its_seed():
    tokens = film()
    told = [small(gain=g)(tokens).x - tokens.x for g in (0.1, 0.2, 0.0)]
    close(told[1], 2 * told[0])
    assert not told[2].any()
    assert told[0].norm() > 0.1
    other = small(seed=1)(tokens).x - tokens.x
    assert not torch.allclose(other, told[0])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_it_answers_in_the_precision_it_was_asked_in(dtype):
    out = small()(film(dtype=dtype))
    assert out.x.dtype == dtype
    assert out.x.isfinite().all()


@pytest.mark.parametrize(
    "wrong",
    [{"boxes": ((0.5, 0.0, 0.5, 1.0),)}, {"boxes": ((0.0, 0.0, 1.0, 1.2),)}, {"heads": 5}],
)
def test_boxes_and_sizes_that_cannot_be_are_refused(wrong):
    with pytest.raises(VtkError, match="ContextRefiner expects"):
        ContextRefiner(**wrong)


def test_an_unknown_remap_is_answered_with_the_nearest_one():
    with pytest.raises(UnknownNameError, match="Did you mean 'released'"):
        ContextRefiner(remap="release")
