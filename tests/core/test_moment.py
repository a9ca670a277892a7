from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, VtkError, tiou
from vtk_notebooks.moment import without_overlaps

ENDS = st.tuples(st.integers(0, 400), st.integers(1, 400))
MOMENTS = ENDS.map(lambda e: Moment(e[0] / 8, (e[0] + e[1]) / 8))  # eighths are exact
SCORED = st.tuples(MOMENTS, st.floats(0, 1)).map(lambda m: Moment(m[0].start_s, m[0].end_s, m[1]))


@pytest.mark.parametrize(
    ("start_s", "end_s", "score"),
    [
        (-0.1, 1.0, 1.0),
        (1.0, 1.0, 1.0),
        (2.0, 1.0, 1.0),
        (0.0, float("inf"), 1.0),
        (float("nan"), 1.0, 1.0),
        (0.0, 1.0, float("nan")),
    ],
)
def test_what_is_no_stretch_of_film_is_no_moment(start_s, end_s, score):
    with pytest.raises(VtkError, match="0 <= start_s < end_s"):
        Moment(start_s, end_s, score)


@given(a=MOMENTS, b=MOMENTS)
def test_iou_is_exact_symmetric_and_in_bounds(a, b):
    inter = max(Fraction(0), Fraction(min(a.end_s, b.end_s)) - Fraction(max(a.start_s, b.start_s)))
    union = Fraction(a.duration_s) + Fraction(b.duration_s) - inter
    assert tiou(a, b) == tiou(b, a) == (float(inter / union) if inter else 0)
    assert tiou(a, a) == 1


def test_touching_moments_do_not_overlap():
    assert tiou(Moment(0.0, 1.0), Moment(1.0, 2.0)) == 0


def test_a_tie_at_a_threshold_stays_a_tie():
    a, b = Moment(0.0, 8.0), Moment(2.8, 10.4)
    inter = 8.0 - 2.8
    assert inter / (a.duration_s + b.duration_s - inter) < 0.5  # the sum of lengths rounds it away
    assert tiou(a, b) == 0.5


def test_within_cuts_at_the_end_of_the_film_and_keeps_the_rest():
    cut = Moment(2.0, 9.0, 0.5, "x").within(4.0)
    assert cut == Moment(2.0, 4.0, 0.5, "x")
    assert Moment(2.0, 3.0).within(4.0) == Moment(2.0, 3.0)
    with pytest.raises(VtkError):
        Moment(5.0, 9.0).within(4.0)


@given(moments=st.lists(SCORED, max_size=12), most=st.floats(0, 1))
def test_suppression_keeps_the_best_and_nothing_too_like_a_better_one(moments, most):
    kept = without_overlaps(moments, most)
    assert [m.score for m in kept] == sorted((m.score for m in kept), reverse=True)
    assert all(tiou(a, b) <= most for i, a in enumerate(kept) for b in kept[:i])
    for left_out in set(moments) - set(kept):
        assert any(tiou(left_out, k) > most and k.score >= left_out.score for k in kept)
    assert bool(kept) == bool(moments)
