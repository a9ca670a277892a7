import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import avg_pool3d, interpolate

from vtk_notebooks.blocks.windows import box_around, box_size, centres, counts, windows

GRIDS = st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(1, 7))
SIZES = st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 5))


@given(grid=GRIDS, size=SIZES)
def test_every_cell_lies_in_exactly_one_window(grid, size):
    where = windows(grid, size)
    t, h, w = counts(grid, size)
    assert where.member.shape == (t * h * w, size[0] * size[1] * size[2])
    cells = where.member[where.inside]
    assert cells.sort().values.tolist() == list(range(grid[0] * grid[1] * grid[2]))
    assert where.inside.any(1).all()


def test_windows_are_those_of_average_pooling():
    x = torch.randn(4, 6, 6, generator=torch.Generator().manual_seed(0))
    where = windows((4, 6, 6), (2, 3, 2))
    expected = avg_pool3d(x[None, None], (2, 3, 2)).flatten()
    torch.testing.assert_close(x.flatten()[where.member].mean(1), expected)


@given(grid=GRIDS, size=SIZES)
def test_centres_are_shares_of_cells_that_are_there(grid, size):
    share, inside = centres(grid, size), windows(grid, size).inside
    torch.testing.assert_close(share.sum(1), torch.ones(len(share)))
    assert not share[~inside].any()


@pytest.mark.parametrize(("n", "k"), [(27, 3), (24, 2), (100, 5), (12, 4)])
def test_a_centre_is_the_point_of_linear_interpolation(n, k):
    x = torch.randn(n, generator=torch.Generator().manual_seed(n))
    member = windows((n, 1, 1), (k, 1, 1)).member
    ours = (x[member] * centres((n, 1, 1), (k, 1, 1))).sum(1)
    theirs = interpolate(x[None, None], size=n // k, mode="linear")[0, 0]
    torch.testing.assert_close(ours, theirs)


def test_a_window_of_odd_sides_has_one_cell_in_its_middle():
    where, share = windows((1, 9, 9), (1, 3, 3)), centres((1, 9, 9), (1, 3, 3))
    middle = where.member[share == 1]
    assert middle.tolist() == [9 * (3 * i + 1) + 3 * j + 1 for i in range(3) for j in range(3)]


@given(
    t=st.integers(1, 3),
    h=st.integers(1, 9),
    w=st.integers(1, 9),
    part=st.floats(0.01, 1),
    seed=st.integers(0, 99),
)
def test_a_box_has_its_size_and_lies_inside(t, h, w, part, seed):
    score = torch.randn(t, h, w, generator=torch.Generator().manual_seed(seed))
    box, (tall, wide) = box_around(score, part), box_size(h, w, part)
    assert (box.any(2).sum(1) == tall).all()
    assert (box.any(1).sum(1) == wide).all()
    assert (box.flatten(1).sum(1) == tall * wide).all()


@pytest.mark.parametrize("corner", [(0, 0), (0, 8), (8, 0), (8, 8)])
def test_a_box_around_a_corner_is_moved_inside(corner):
    score = torch.zeros(1, 9, 9)
    score[0, corner[0] // 2 : corner[0] // 2 + 5, corner[1] // 2 : corner[1] // 2 + 5] = 1.0
    assert box_around(score, 25 / 81)[0, corner[0], corner[1]]


def test_all_of_a_frame_is_a_box_too():
    assert box_around(torch.randn(2, 4, 5), 1.0).all()
