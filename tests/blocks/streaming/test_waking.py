import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.streaming.waking import num_select, selected
from vtk_notebooks.errors import VtkError


@pytest.mark.parametrize(
    ("above", "below", "expected"), [(0, 10, 4), (3, 10, 4), (9, 1, 9), (40, 5, 28), (1, 1, 2)]
)
def test_so_many_clips_are_shown(above, below, expected):
    assert num_select([0.5] * above + [0.2] * below) == expected


@given(cosines=st.lists(st.floats(-1, 1), max_size=40))
def test_the_most_alike_are_shown_in_the_order_of_time(cosines):
    shown = selected(cosines)
    assert shown == sorted(set(shown))
    assert len(shown) == num_select(cosines)
    left = [c for i, c in enumerate(cosines) if i not in shown]
    assert not left or not shown or min(cosines[i] for i in shown) >= max(left)


def test_bounds_that_cross_are_refused():
    with pytest.raises(VtkError, match="low"):
        num_select([0.1], low=5, high=4)
