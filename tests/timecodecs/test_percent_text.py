import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.timecodecs import PercentText

CODEC, CLOSED = PercentText(), PercentText(closed=True)


def test_a_moment_is_two_times_two_digits():  # the paper's format
    assert CODEC.render(CODEC.encode_span(5.0, 50.0, 100.0)) == "from 05 to 50"
    assert CODEC.encode(100.0, 100.0) == CODEC.encode(98.6, 100.0) == (99,)


@pytest.mark.parametrize(
    "text", ["from 05 to 50", "5% - 50%", "between 5 and 50 percent", "from 50 to 05"]
)
def test_it_is_read_however_it_is_put(text):
    assert CODEC.parse(text, 100.0) == [Moment(5.0, 50.0)]


def test_numbers_that_are_no_hundredths_are_passed_over():
    assert CODEC.parse("from 1.5 to 2.5, from 01:10 to 01:20, from 150 to 200", 100.0) == []
    assert CODEC.parse("from 90 to 100", 100.0) == [Moment(90.0, 100.0)]


def test_an_end_may_be_the_end_of_its_hundredth():
    assert CLOSED.parse("from 05 to 49", 100.0) == [Moment(5.0, 50.0)]
    assert CLOSED.render(CLOSED.encode_span(5.0, 50.0, 100.0)) == "from 05 to 49"
    assert CLOSED.parse(CLOSED.render(CLOSED.encode_span(90.0, 100.0, 100.0)), 100.0) == [
        Moment(90.0, 100.0)
    ]


@given(a=st.floats(0, 1), b=st.floats(0, 1), closed=st.booleans())
def test_a_written_moment_is_read_within_two_hundredths(a, b, closed):
    codec, (start_s, end_s) = PercentText(closed), sorted((60 * a, 60 * b))
    [found] = codec.parse(codec.render(codec.encode_span(start_s, end_s, 60.0)), 60.0)
    assert abs(found.start_s - start_s) <= 2 * 0.6 + 1e-9
    assert abs(found.end_s - end_s) <= 2 * 0.6 + 1e-9


@pytest.mark.parametrize("ids", [(), (100,), (-1,), (1, 2)])
def test_what_is_no_hundredth_means_none(ids):
    assert CODEC.decode(ids, 60.0) is None
