import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import SegmentPack
from vtk_notebooks.errors import ShapeError, VtkError


def film(t=16, h=4, w=4, d=3, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def test_12_segments_of_64_spatial_and_128_temporal_tokens():  # the paper's counts, on one grid
    assert SegmentPack().count((96, 16, 16)) == (12 * (64 + 8 * 16), 12 * (64 + 8 * 16))


def test_a_segment_is_its_key_frame_then_all_its_frames():
    tokens = film()
    grid = tokens.x.view(16, 4, 4, 3)
    out = SegmentPack()(tokens).x
    first, second = out[:12], out[12:]
    torch.testing.assert_close(first[:4].view(2, 2, 3)[0, 1], grid[4, :2, 2:].mean((0, 1)))
    torch.testing.assert_close(first[4:], grid[:8].mean((1, 2)))
    torch.testing.assert_close(second[4:], grid[8:].mean((1, 2)))


def test_segments_in_another_order_give_their_tokens_in_that_order():
    tokens = film()
    swapped = tokens.x.view(2, -1, 3).flip(0).reshape(16, 4, 4, 3)
    out = SegmentPack()(Tokens.from_grid(swapped, tokens.times_s)).x.view(2, -1, 3).flip(0)
    torch.testing.assert_close(out.flatten(0, 1), SegmentPack()(tokens).x)


def test_a_newline_stands_between_segments_and_for_no_cell():
    plain, lines = SegmentPack()(film(t=24)), SegmentPack(newline=True)(film(t=24))
    assert len(lines) == len(plain) + 2
    empty = (lines.mass() == 0).nonzero().squeeze(1)
    assert empty.tolist() == [12, 25]
    assert not lines.x[empty].any()
    assert torch.equal(lines.x[lines.mass() > 0], plain.x)


@given(t=st.integers(1, 20), h=st.integers(1, 6), w=st.integers(1, 6), frames=st.integers(1, 9))
def test_every_cell_is_in_the_coarse_stream_and_key_frames_in_both(t, h, w, frames):
    pack = SegmentPack(frames)
    assume(pack.count((t, h, w))[1] <= t * h * w)
    out = pack(film(t, h, w))
    often = torch.bincount(out.edges[:, 1], minlength=t * h * w).view(t, h * w)
    expected = torch.ones(t, dtype=torch.long)
    expected[pack.key_frames(t)] = 2
    assert torch.equal(often, expected[:, None].expand(-1, h * w))


def test_every_segment_has_one_key_frame_also_a_short_last_one():
    assert SegmentPack(8).key_frames(19).tolist() == [4, 12, 17]


def test_a_grid_too_coarse_for_two_streams_is_refused():
    with pytest.raises(ShapeError, match="larger pools"):
        SegmentPack()(film(h=1, w=1))


def test_wrong_parameters_are_refused():
    with pytest.raises(VtkError, match="1 or more"):
        SegmentPack(frames=0)
