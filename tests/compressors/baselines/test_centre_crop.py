from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import CentreCrop, Pool3d, SpatialPool
from vtk_notebooks.errors import ShapeError, VtkError


def film(t=3, h=6, w=8):
    draw = torch.Generator().manual_seed(0)
    return Tokens.from_grid(torch.randn(t, h, w, 4, generator=draw), torch.arange(t) / 2)


def test_a_quarter_of_the_area_is_the_middle_half_of_either_side():
    kept = CentreCrop(0.25)(film()).kept()
    assert kept[:, 1:4, 2:6].all()
    assert int(kept.sum()) == 3 * 3 * 4


@given(h=st.integers(1, 12), w=st.integers(1, 12), keep=st.floats(0.001, 1))
def test_what_is_left_out_lies_evenly_around_the_middle(h, w, keep):
    top, left, bottom, right = CentreCrop(keep).box((1, h, w))
    assert 0 <= (h - bottom) - top <= 1
    assert 0 <= (w - right) - left <= 1
    assert len(CentreCrop(keep)(film(1, h, w))) == (bottom - top) * (right - left) >= 1


def test_the_box_is_shaped_like_the_frame_not_like_the_frame_turned():
    top, left, bottom, right = CentreCrop(0.25).box((1, 24, 12))
    assert (bottom - top, right - left) == (12, 6)


def test_a_pooled_token_stays_if_its_middle_is_inside():
    pooled = SpatialPool(2)(film())  # middles of rows: 1, 3, 5 of 6
    assert CentreCrop(0.25)(pooled).edges[:, 1].unique().numel() == 3 * 2 * 2 * 2 * 2


def test_windows_on_the_border_of_the_box_are_in_or_out_in_all_frames_alike():
    pooled = Pool3d((3, 4, 3))(film(7, 7, 10))  # middles on borders, windows of 36 cells to 2
    out = CentreCrop(0.5)(pooled)
    frames = Counter(out.centre()[:, 0].tolist())
    places = {tuple(place) for place in out.centre()[:, 1:].tolist()}
    assert len(frames) == 3
    assert set(frames.values()) == {len(places)}


def test_tokens_that_all_lie_elsewhere_are_refused():
    corner = film().select(torch.tensor([0, 47]))
    with pytest.raises(ShapeError, match="Put it first"):
        CentreCrop(0.25)(corner)


def test_an_impossible_part_is_refused():
    with pytest.raises(VtkError, match=r"keep in \(0, 1\]"):
        CentreCrop(1.5)
