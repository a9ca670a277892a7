import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.timecodecs import SpanTokens

CODEC, OMNIVID = SpanTokens(), SpanTokens.omnivid()
MIDDLE = SpanTokens(mode="centre_duration")
BINS, PARTS = st.integers(0, 99), st.floats(0, 1)


def test_a_hundred_words_of_which_the_last_is_the_end():  # the paper's vocabulary
    assert (len(CODEC.vocab), CODEC.vocab[-1]) == (100, "<time_bin_99>")
    assert CODEC.encode(60.0, 60.0) == OMNIVID.encode(60.0, 60.0) == (99,)
    assert (CODEC.encode(1.6, 99.0), OMNIVID.encode(1.6, 99.0)) == ((2,), (1,))


def test_equal_words_are_the_step_before_as_released_and_one_around_here():
    assert OMNIVID.decode_span((5, 5), 60.0) == (round(4 * 60 / 99, 2), round(5 * 60 / 99, 2))
    assert CODEC.decode_span((5, 5), 99.0) == (4.5, 5.5)
    assert OMNIVID.decode_span((0, 0), 60.0) == (0.0, 0.0)
    assert OMNIVID.parse("<time_bin_0><time_bin_0>", 99.0) == [Moment(0.0, 0.5)]


@given(a=BINS, b=BINS)
def test_which_word_comes_first_plays_no_part(a, b):
    for codec in (CODEC, OMNIVID):
        span = codec.decode_span((a, b), 60.0)
        assert span is not None
        start_s, end_s = span
        assert span == codec.decode_span((b, a), 60.0)
        assert 0 <= start_s <= end_s <= 60


def test_a_middle_and_a_length_are_a_moment_too():
    ids = MIDDLE.encode_span(20.0, 40.0, 99.0)
    assert ids == (30, 20)
    assert MIDDLE.parse(MIDDLE.render(ids), 99.0) == [Moment(20.0, 40.0)]
    assert MIDDLE.decode_span((20, 20), 99.0) == (10.0, 30.0)  # equal words are nothing special
    assert MIDDLE.decode_span((20, 0), 99.0) == (19.5, 20.5)


@given(a=PARTS, b=PARTS, mode=st.sampled_from(["start_end", "centre_duration"]))
def test_a_written_moment_is_read_within_two_errors(a, b, mode):
    codec, (start_s, end_s) = SpanTokens(mode=mode), sorted((60 * a, 60 * b))
    [found] = codec.parse(codec.render(codec.encode_span(start_s, end_s, 60.0)), 60.0)
    bound = 2 * codec.max_error_s(60.0) + 1e-9
    assert abs(found.start_s - start_s) <= bound
    assert abs(found.end_s - end_s) <= bound


def test_a_word_without_a_partner_is_dropped_and_a_large_number_is_the_last_word():
    text = "<time_bin_10> to <time_bin_500>, and <time_bin_7>"
    assert CODEC.parse(text, 99.0) == [Moment(10.0, 99.0)]


@pytest.mark.parametrize("ids", [(), (1,), (1, 100), (-1, 3), (1, 2, 3)])
def test_what_is_no_moment_means_none(ids):
    assert CODEC.decode_span(ids, 60.0) is None


def test_impossible_parameters_are_refused():
    with pytest.raises(VtkError, match="2 or more"):
        SpanTokens(n=1)
    with pytest.raises(UnknownNameError, match="Did you mean 'start_end'"):
        SpanTokens(mode="start_and_end")
    with pytest.raises(UnknownNameError, match="Did you mean 'around'"):
        SpanTokens(equal="arond")
