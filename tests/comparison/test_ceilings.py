import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.comparison import Annotation, ceilings, error_curve, published_codes
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.timecodecs import RelativeTokens, SecondsText

WHOLE = {"whole": SecondsText(decimals=0)}


def test_moments_on_a_codes_own_marks_lose_nothing():
    marked = [Annotation(3.0, 7.0, 60.0), Annotation(0.0, 60.0, 60.0)]
    assert ceilings(WHOLE, marked)["whole"] == {"mIoU": 100, "R1@0.5": 100, "R1@0.7": 100,
                                                "R1@0.9": 100}  # fmt: skip


def test_what_is_lost_is_what_rounding_takes():
    [numbers] = ceilings(WHOLE, [Annotation(3.4, 7.0, 60.0)]).values()
    assert numbers["mIoU"] == pytest.approx(100 * 3.6 / 4)
    assert numbers["R1@0.9"] == 100
    assert numbers["mIoU"].n == 1


def test_two_ends_that_become_one_are_no_answer_unless_they_are_read_as_text():
    short = [Annotation(4.8, 5.2, 60.0)]
    assert ceilings(WHOLE, short, through="ends")["whole"]["mIoU"] == 0
    assert ceilings(WHOLE, short)["whole"]["mIoU"] == pytest.approx(40)


@given(a=st.floats(0, 0.9), length=st.floats(0.05, 0.5), scale=st.floats(0.1, 100))
def test_a_relative_code_has_one_ceiling_for_films_of_every_length(a, length, scale):
    def of(duration_s):
        end = min(1.0, a + length)
        marked = [Annotation(a * duration_s, end * duration_s, duration_s)]
        return ceilings({"r": RelativeTokens(n=8)}, marked)["r"]["mIoU"]

    near_tie = any(abs(p * 7 % 1 - 0.5) < 1e-6 for p in (a, min(1.0, a + length)))
    assert near_tie or of(10.0) == pytest.approx(of(10.0 * scale))


def test_whole_films_are_drawn_for_the_interval_where_films_are_named():
    marked = [Annotation(i + 0.4, i + 4.0, 60.0, film=f"f{i % 3}") for i in range(12)]
    low, high = ceilings(WHOLE, marked)["whole"]["mIoU"].interval
    assert low <= high


def test_errors_of_relative_codes_rise_with_the_film_and_those_of_seconds_do_not():
    lengths_s = (10.0, 100.0, 1000.0)
    relative, seconds = (error_curve(c, lengths_s) for c in (RelativeTokens(), SecondsText(0)))
    assert relative.mean_s[2] == pytest.approx(100 * relative.mean_s[0], rel=0.1)
    assert relative.mean_s[0] == pytest.approx(10 / 99 / 4, rel=0.1)  # half a step, halved
    assert seconds.mean_s == pytest.approx((0.25,) * 3, rel=0.1)


@pytest.mark.parametrize("name", published_codes())
def test_no_published_code_breaks_its_promise(name):
    curve = error_curve(published_codes()[name], (7.3, 30.96, 213.7, 5400.0), times=200)
    for mean_s, worst_s, bound_s in zip(curve.mean_s, curve.worst_s, curve.bound_s, strict=True):
        assert 0 < mean_s <= worst_s <= bound_s * (1 + 1e-9)
        assert math.isfinite(bound_s)


def test_equal_seeds_measure_equal_errors():
    one, same, other = (error_curve(SecondsText(), (30.0,), seed=s) for s in (1, 1, 2))
    assert one == same != other


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(VtkError, match="one or more annotations"):
        ceilings(WHOLE, [])
    with pytest.raises(VtkError, match="one or more lengths"):
        error_curve(SecondsText(), ())
    with pytest.raises(UnknownNameError, match="Did you mean 'text'"):
        ceilings(WHOLE, [Annotation(1.0, 2.0, 3.0)], through="texts")
