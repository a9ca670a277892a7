from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.tiling import borders, shown, tiles


def test_six_of_a_film_are_every_sixth_part_of_it_from_the_first_frame():
    assert shown(0, 60, 6) == [0, 10, 20, 30, 40, 50]
    assert shown(0, 65, 6) == [0, 10, 20, 30, 40, 50]  # as published: the end may be left out
    assert shown(10, 13, 6) == [10, 11, 12]


@given(start=st.integers(0, 50), length=st.integers(1, 200), most=st.integers(1, 20))
def test_frames_are_evenly_spaced_and_inside(start, length, most):
    frames = shown(start, start + length, most)
    assert len(frames) == min(length, most)
    assert frames[0] == start
    assert frames[-1] < start + length
    assert {b - a for a, b in pairwise(frames)} <= {length // len(frames)}


@pytest.mark.parametrize(
    ("n", "rows", "columns"), [(1, 1, 1), (2, 2, 1), (6, 3, 2), (7, 3, 3), (9, 3, 3), (12, 4, 3)]
)
def test_columns_are_the_rounded_root(n, rows, columns):
    assert tiles(n) == (rows, columns)


@given(n=st.integers(1, 50), columns=st.integers(0, 20))
def test_there_is_a_tile_for_each_frame_and_no_empty_row(n, columns):
    rows, wide = tiles(n, columns)
    assert (rows - 1) * wide < n <= rows * wide
    assert wide <= columns or not columns


@given(places=st.integers(1, 50), many=st.integers(1, 50))
def test_parts_are_nearly_equal_and_never_empty(places, many):
    sizes = [b - a for a, b in pairwise(borders(places, many))]
    assert len(sizes) == many
    assert min(sizes) >= 1
    assert max(sizes) - min(sizes) <= 1
    assert sum(sizes) == max(places, many)
