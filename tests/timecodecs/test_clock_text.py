import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.errors import VtkError
from vtk_notebooks.timecodecs import ClockText

CODEC = ClockText()


def written(codec, t_s, duration_s=1e5):
    return codec.render(codec.encode(t_s, duration_s))


def test_hours_are_written_where_there_are_any():
    assert written(CODEC, 65.4) == "01:05"
    assert written(CODEC, 3599.0) == "59:59"
    assert written(CODEC, 3725.0) == "1:02:05"
    assert CODEC.render(CODEC.encode_span(65.0, 130.0, 200.0)) == "01:05 - 02:10"


def test_a_full_minute_is_never_sixty_seconds():
    assert written(CODEC, 59.6) == "01:00"
    assert written(ClockText(1), 59.96) == "01:00.0"
    assert written(ClockText(rounding="floor"), 59.6) == "00:59"


@given(t_s=st.floats(0, 99_999), decimals=st.integers(0, 3))
def test_a_clock_is_read_as_the_time_it_shows(t_s, decimals):
    codec = ClockText(decimals)
    back = codec.decode(codec.encode(t_s, 1e5), 1e5)
    assert abs(back - t_s) <= codec.max_error_s(1e5) + 1e-9


def test_clocks_and_seconds_are_both_read():
    assert CODEC.parse("From 01:05 to 02:10.", 200.0) == [Moment(65.0, 130.0)]
    assert CODEC.parse("65 to 130 seconds", 200.0) == [Moment(65.0, 130.0)]
    assert CODEC.parse("10:00 - 11:00", 200.0) == []


@pytest.mark.parametrize("text", ["", "12", ":", "1:2", "1:2:3:04", "12:3.5"])
def test_what_no_clock_shows_means_none(text):
    assert CODEC.decode(["0123456789:.".index(c) for c in text], 60.0) is None


def test_impossible_decimals_are_refused():
    with pytest.raises(VtkError, match="0 to 6"):
        ClockText(decimals=7)
