import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.blocks.rulers import Ruler, in_film, known_rounding, stretch, whole
from vtk_notebooks.errors import UnknownNameError, VtkError

PLACES, MARKS = st.floats(0, 1), st.integers(2, 1000)
TIMES = st.floats(-10, 200)


@given(place=PLACES, n=MARKS)
def test_the_last_mark_passed_is_the_one_of_exact_arithmetic(place, n):
    steps = Fraction(place) * (n - 1)
    k = Ruler(n, "floor").mark(place)
    near = math.ceil(steps) - steps < Fraction(1, 10**8)  # a hair below a mark counts as on it
    assert k == math.floor(steps) or (near and k == math.ceil(steps))


@given(k=st.integers(0, 999), n=MARKS)
def test_a_marks_own_place_is_that_mark(k, n):
    k %= n
    assert all(Ruler(n, way).mark(Ruler(n).place(k)) == k for way in ("round", "floor"))


@given(place=PLACES, n=MARKS, rounding=st.sampled_from(["round", "floor"]))
def test_no_place_moves_farther_than_the_error(place, n, rounding):
    ruler = Ruler(n, rounding)
    assert abs(ruler.place(ruler.mark(place)) - place) <= ruler.error + 1e-9


def test_half_a_step_is_what_rounding_saves():
    assert Ruler(101).error == 0.005
    assert Ruler(101, "floor").error == 0.01
    assert (whole(2.6, "round"), whole(2.6, "floor")) == (3, 2)


def test_released_code_loses_a_mark_by_a_hair():
    below = 0.57 * 100  # 56.99999999999999
    assert (whole(below, "cut"), whole(below, "floor")) == (56, 57)


def test_places_outside_become_the_ends():
    assert (Ruler(11).mark(-3), Ruler(11).mark(4)) == (0, 10)
    assert (in_film("it", -1, 5), in_film("it", 9, 5)) == (0.0, 5.0)


@given(a=TIMES, b=TIMES, step_s=st.floats(0.1, 5), duration_s=st.floats(1, 100))
def test_two_times_mean_one_moment_in_the_film_whichever_comes_first(a, b, step_s, duration_s):
    found = stretch(a, b, step_s, duration_s)
    assert found == stretch(b, a, step_s, duration_s)
    assert found is None or found.end_s <= duration_s


def test_equal_times_mean_a_step_around_them():
    assert stretch(5, 5, 1, 10) == Moment(4.5, 5.5)
    assert stretch(0, 0, 1, 10) == Moment(0.0, 0.5)
    assert stretch(10.2, 10.2, 1, 10) == Moment(9.5, 10.0)  # rounded to behind the end


def test_a_moment_behind_the_end_is_none():
    assert stretch(11, 12, 1, 10) is None
    assert stretch(8, 12, 1, 10) == Moment(8.0, 10.0)


def test_no_film_no_time_and_an_unknown_rounding_are_refused():
    with pytest.raises(VtkError, match="longer than 0 s"):
        in_film("it", 1.0, 0.0)
    with pytest.raises(VtkError, match="it expects"):
        in_film("it", float("nan"), 1.0)
    with pytest.raises(UnknownNameError, match="Did you mean 'floor'"):
        known_rounding("it", "flor")
