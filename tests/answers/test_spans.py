import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.answers import captions_in, first_time, literal_span, spans_in
from vtk_notebooks.answers.spans import released_spans

SAYS = {
    "The event happens in 10.0 - 20.0 seconds.": [(10, 20)],
    "from 12 to 30": [(12, 30)],
    "From 12s to 30s.": [(12, 30)],
    "12s-30s": [(12, 30)],
    "between 3.5 and 7 seconds": [(3.5, 7)],
    "Start: 1. End: 6": [(1, 6)],
    "It starts at 1\nand ends at 4": [(1, 4)],
    "starts 00:01:00, ends 00:02:00": [(60, 120)],
    "1:05 - 1:20": [(65, 80)],
    "0 - 4, 10\u201320 and 1:00 until 1:10": [(0, 4), (10, 20), (60, 70)],
    "38-32 s": [(38, 32)],
}
SILENT = ("", "no idea", "at 8", "It starts at 3.", "two to three", "x2-3y")


@pytest.mark.parametrize(("text", "spans"), SAYS.items())
def test_it_reads_stretches_as_people_write_them(text, spans):
    assert spans_in(text) == spans


@pytest.mark.parametrize("text", SILENT)
def test_it_never_guesses(text):
    assert spans_in(text) == []


def test_a_sentence_belongs_to_the_stretch_before_it():
    said = "0 - 10 seconds, open the door. 12 - 20 seconds: walk through."
    assert captions_in(said) == [((0, 10), "open the door"), ((12, 20), "walk through")]


@pytest.mark.parametrize(("text", "time"), [("at 8", 8), ("From 0.5 to 2", 0.5), ("1:05!", 65)])
def test_the_first_time_may_stand_alone(text, time):
    assert first_time(text) == time


def test_no_time_is_none():
    assert first_time("?") is None


PAIRS = {"[4, 10]": (4, 10), "(4, 10.5)": (4, 10.5), " [4,10] ": (4, 10)}
ODD = (
    "", "4 - 10", "[4]", "[4, 10, 2]", "['4', '10']", "__import__('os').getcwd()", "[4, 10",
    "[1e999, 2]", "(" * 150, "[" + "9" * 400 + ", 1]", None, 4, [None, 1], {"a": 1}, "\x00",
)  # fmt: skip


@pytest.mark.parametrize(("text", "pair"), PAIRS.items())
def test_a_literal_pair_is_a_stretch(text, pair):
    assert literal_span(text) == pair == literal_span(list(pair))


@pytest.mark.parametrize("value", ODD)
def test_whatever_is_no_pair_of_numbers_is_none(value):
    assert literal_span(value) is None


def test_a_time_beyond_all_numbers_is_none():
    assert spans_in("0 - " + "9" * 400) == [] == released_spans("0 - " + "9" * 400)
    assert first_time("9" * 400) is None


RELEASED = {
    "from 12 to 30": [(12, 30)],
    "38-32 s": [(32, 38)],
    "Start: 1. End: 6": [],
    "starts 00:01:00?ends 00:02:00": [(0, 0)],
    "4 to 6, that is 4 - 5": [(4, 5)],
    "it starts at 1\nand ends at 4\nand starts again": [(1, 4)],
}


@pytest.mark.parametrize(("text", "spans"), RELEASED.items())
def test_a_released_reader_is_repeated_with_its_faults(text, spans):
    assert released_spans(text) == spans


@given(text=st.text())
def test_no_text_is_too_odd(text):
    assert all(low <= high for low, high in released_spans(text))
    assert all(len(span) == 2 for span in spans_in(text))
    assert len(literal_span(text) or (0.0, 1.0)) == 2
    assert len(captions_in(text)) == len(spans_in(text))


@given(start=st.integers(0, 3599), length=st.integers(1, 3599))
def test_a_clock_says_what_the_seconds_say(start, length):
    end = start + length
    clock = " - ".join(f"{t // 60}:{t % 60:02}" for t in (start, end))
    assert spans_in(clock) == spans_in(f"{start} to {end}") == [(start, end)]
