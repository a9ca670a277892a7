import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.errors import VtkError
from vtk_notebooks.timecodecs import SecondsText

CODEC, WHOLE = SecondsText(), SecondsText(decimals=0)


def test_a_moment_is_written_as_people_write_it():
    assert CODEC.render(CODEC.encode_span(12.34, 45.6, 60.0)) == "12.3 - 45.6 seconds"
    assert WHOLE.render(WHOLE.encode_span(12.6, 45.4, 60.0)) == "13 - 45 seconds"
    assert SecondsText(0, "floor").encode(12.9, 60.0) == (1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "From 3 to 7 seconds.",
        "Start: 3. End: 7",
        "between 3s and 7s",
        "00:03 - 00:07",
        "7.0 - 3.0 seconds, a man",
    ],
)
def test_every_common_way_of_naming_a_moment_is_read(text):
    assert CODEC.parse(text, 60.0) == [Moment(3.0, 7.0)]


def test_a_moment_behind_the_end_is_no_answer_and_one_across_it_is_cut():
    assert CODEC.parse("70 - 80 seconds", 60.0) == []
    assert CODEC.parse("50 - 80 seconds", 60.0) == [Moment(50.0, 60.0)]


def test_equal_times_are_one_step():
    assert WHOLE.parse("5 - 5 seconds", 60.0) == [Moment(4.5, 5.5)]


@given(decimals=st.integers(0, 6), t_s=st.floats(0, 999), floor=st.booleans())
def test_the_bound_holds_for_every_precision(decimals, t_s, floor):
    codec = SecondsText(decimals, "floor" if floor else "round")
    back = codec.decode(codec.encode(t_s, 999.0), 999.0)
    assert abs(back - t_s) <= codec.max_error_s(999.0) + 1e-9
    assert not floor or back <= t_s + 1e-9


@pytest.mark.parametrize("ids", [(), (10,), (1, 10, 1, 10), (11,), (1,) * 5000])
def test_what_is_no_number_means_none(ids):
    assert CODEC.decode(ids, 60.0) is None


def test_impossible_decimals_are_refused():
    with pytest.raises(VtkError, match="0 to 6"):
        SecondsText(decimals=-1)
