import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, tiou
from vtk_notebooks.spans import all_ious, hull_iou, union_s

MOMENTS = st.tuples(st.floats(0, 50), st.floats(0.1, 50)).map(lambda s: Moment(s[0], s[0] + s[1]))


def row(m: Moment) -> np.ndarray:
    return np.array([[m.start_s, m.end_s]])


@given(a=MOMENTS, b=MOMENTS)
def test_arrays_and_moments_agree(a, b):
    assert hull_iou(row(a), row(b))[0] == tiou(a, b)
    assert hull_iou(row(a), row(b)) == hull_iou(row(b), row(a))


def test_every_span_meets_every_other():
    halves, others = [[0.0, 4.0], [4.0, 8.0]], [[0.0, 8.0], [0.0, 4.0], [9.0, 9.5]]
    ious = all_ious(np.array(halves), np.array(others))
    assert ious.tolist() == [[0.5, 1, 0], [0.5, 0, 0]]


def test_what_is_no_stretch_of_film_overlaps_nothing():
    odd = np.array([[5.0, 5.0], [6.0, 2.0], [np.nan, np.nan]])
    assert hull_iou(odd, np.array([[0.0, 10.0]])).tolist() == [0, 0, 0]
    assert hull_iou(odd, odd).tolist() == [0, 0, 0]


SECONDS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=5)


@given(spans=SECONDS)
def test_a_union_counts_every_second_once(spans):
    seconds = {t for a, b in spans for t in range(a, b)}
    assert union_s(np.array(spans, dtype=float).reshape(-1, 2)) == len(seconds)
