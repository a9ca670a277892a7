import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import SlowFast
from vtk_notebooks.errors import ShapeError, VtkError


def film(t=9, h=4, w=4, d=3, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def test_100_frames_of_256_patches_become_356_tokens():  # the paper's count
    assert SlowFast().count((100, 16, 16)) == (356, 356)


def test_first_comes_every_frame_as_its_mean():
    tokens = film()
    torch.testing.assert_close(SlowFast()(tokens).x[:9], tokens.x.view(9, 16, 3).mean(1))


def test_then_come_four_frames_pooled_two_by_two():
    tokens = film()
    out = SlowFast()(tokens).x[9:].view(4, 2, 2, 3)
    for k, frame in enumerate([0, 3, 5, 8]):
        grid = tokens.x.view(9, 4, 4, 3)[frame]
        torch.testing.assert_close(out[k, 0, 1], grid[:2, 2:].mean((0, 1)))


@given(t=st.integers(1, 30), h=st.integers(1, 6), w=st.integers(2, 6), pool=st.integers(1, 4))
def test_every_frame_is_spoken_for_and_slow_frames_twice(t, h, w, pool):
    slow = SlowFast(pool=pool)
    out = slow(film(t, h, w))
    often = torch.bincount(out.edges[:, 1], minlength=t * h * w).view(t, h * w)
    expected = torch.ones(t, dtype=torch.long)
    expected[slow.frames((t, h, w))] = 2
    assert torch.equal(often, expected[:, None].expand(-1, h * w))


def test_a_budget_sets_the_number_of_slow_frames():
    assert [len(SlowFast().at(k).frames((32, 16, 16))) for k in (0.004, 0.02, 0.1, 1.0)] == [
        0, 2, 12, 32,
    ]  # fmt: skip


def test_a_short_film_gives_each_frame_once():
    assert len(SlowFast()(film(t=2))) == 2 + 2 * 4


def test_frames_of_one_cell_have_no_detail_to_show():
    with pytest.raises(ShapeError, match="frames of several cells"):
        SlowFast()(film(h=1, w=1))


@pytest.mark.parametrize("wrong", [{"pool": 0}, {"slow_frames": -1}, {"keep": 1.5}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        SlowFast(**wrong)
