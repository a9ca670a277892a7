import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.interleave import Line, interleaved, loader_frames
from vtk_notebooks.errors import VtkError

LINES = st.lists(
    st.tuples(st.floats(0, 50), st.floats(0, 10)).map(lambda s: (s[0], s[0] + s[1])), max_size=12
).map(lambda spans: [Line(a, b, f"line {i}") for i, (a, b) in enumerate(spans)])
TIMES = st.lists(st.integers(0, 60), min_size=1, max_size=20, unique=True).map(sorted)


def test_a_subtitle_stands_behind_the_last_frame_before_its_middle():
    lines = [Line(1.5, 4.5, "hello"), Line(7.0, 9.0, "bye")]
    assert interleaved([0, 2, 4, 6, 8], lines, 10) == [0, 1, "hello", 2, 3, 4, "bye"]


def test_subtitles_are_read_in_order_of_time_however_they_are_listed():
    lines = [Line(7, 9, "bye"), Line(1, 3, "hello")]
    assert interleaved([0, 2, 8], lines, 10) == [0, 1, "hello", 2, "bye"]


def test_words_that_no_frame_falls_on_are_left_out():
    line = [Line(2.5, 3.9, "unseen")]
    assert interleaved([0, 2, 4], line, 6) == [0, 1, 2]
    assert interleaved([0, 2, 3, 4], line, 6) == [0, 1, 2, "unseen", 3]


def test_the_ends_of_a_subtitle_are_not_inside_it():
    assert interleaved([2, 4], [Line(2, 4, "between")], 6) == [0, 1]


def test_a_short_subtitle_counts_as_a_second():
    lines = [Line(2.3, 2.5, "hi")]
    assert interleaved([0, 2], lines, 4) == [0, 1, "hi"]
    assert interleaved([0, 1.9], lines, 4) == [0, 1]


def test_without_an_end_it_lasts_to_the_end_of_the_film_on_either_clock():
    assert interleaved([0, 5, 9], [Line(104, None, "on")], 10, offset_s=100) == [0, 1, "on", 2]


def test_a_whole_number_as_an_end_is_an_end():
    assert interleaved([0, 8], [Line(0.5, 2, "early")], 10) == [0, 1]


@given(times=TIMES, lines=LINES)
def test_every_frame_is_there_once_and_in_order_and_no_words_twice(times, lines):
    order = interleaved(times, lines, 70)
    assert [x for x in order if isinstance(x, int)] == list(range(len(times)))
    words = [x for x in order if isinstance(x, str)]
    assert len(words) == len(set(words)) <= len(lines)


@given(times=TIMES, lines=LINES)
def test_more_frames_never_mean_fewer_words(times, lines):
    def words(some):
        return {x for x in interleaved(some, lines, 70) if isinstance(x, str)}

    assert words(times[::2]) <= words(times)


def test_frames_are_taken_from_the_first_one_on_at_a_whole_step():
    assert loader_frames(100, 4.0, 16).tolist() == [0, 25, 50, 75]
    assert loader_frames(250, 100, 3).tolist() == [0, 83, 166]
    assert loader_frames(2, 10, 16).tolist() == [0, 1]


@given(total=st.integers(1, 10_000), seconds=st.floats(1, 4000), most=st.integers(1, 300))
def test_frames_lie_in_the_film_and_are_no_more_than_asked(total, seconds, most):
    found = loader_frames(total, seconds, most)
    assert len(found) <= min(most, total)
    assert (np.diff(found) > 0).all()
    assert found[-1] < total


def test_a_film_of_less_than_a_second_is_refused():
    with pytest.raises(VtkError, match="a second or more"):
        loader_frames(10, 0.9, 16)
