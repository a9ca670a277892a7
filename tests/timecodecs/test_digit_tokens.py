import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.timecodecs import DigitTokens

CODEC, FLOOR = DigitTokens(), DigitTokens(rounding="floor")
LONG_S = 10_000.0


def words(text):
    return "".join(CODEC.vocab["0123456789.".index(c)] for c in text)


def test_eleven_new_words_and_always_six_of_them():  # the paper's vocabulary
    assert len(CODEC.vocab) == 11
    assert (CODEC.vocab[0], CODEC.vocab[-1]) == ("<TIME_ZERO>", "<TIME_DOT>")
    assert CODEC.render(CODEC.encode(7.0, 60.0)) == words("0007.0")
    assert CODEC.render(CODEC.encode(1234.56, LONG_S)) == words("1234.6")


@pytest.mark.parametrize("codec", [CODEC, FLOOR])
def test_every_tenth_of_a_second_comes_back_as_it_is(codec):
    for tenths in range(0, 100_000, 7):
        ids = codec.encode(tenths / 10, LONG_S)
        assert len(ids) == 6
        assert Fraction("".join("0123456789."[i] for i in ids)) == Fraction(tenths, 10)


@given(t_s=st.floats(0, 9999))
def test_cut_off_times_are_those_of_exact_arithmetic(t_s):
    back = FLOOR.decode(FLOOR.encode(t_s, LONG_S), LONG_S)
    assert back is not None
    tenths = Fraction(t_s) * 10
    near = math.ceil(tenths) - tenths < Fraction(1, 10**8)
    assert round(back * 10) in {math.floor(tenths), math.ceil(tenths) if near else -1}


def test_the_length_of_the_film_plays_no_part():
    assert CODEC.encode(12.3, 20.0) == CODEC.encode(12.3, 2000.0)


def test_behind_the_last_code_all_times_are_that_code():
    assert CODEC.render(CODEC.encode(12_345.6, 20_000.0)) == words("9999.9")
    assert CODEC.max_error_s(20_000.0) == pytest.approx(10_000.1)


def test_a_span_needs_nothing_between_its_times():
    text = CODEC.render(CODEC.encode_span(12.3, 45.6, 60.0))
    assert text == words("0012.30045.6")
    assert CODEC.parse(text, 60.0) == [Moment(12.3, 45.6)]


def test_fewer_digits_are_read_as_they_stand():
    assert CODEC.parse(f"{words('7')} to {words('12.')}", 60.0) == [Moment(7.0, 12.0)]
    assert CODEC.decode([1, 2], 60.0) == 12.0


def test_times_behind_the_end_are_no_answer():
    assert CODEC.parse(words("0070.00080.0"), 60.0) == []
    assert CODEC.parse(words("0050.00080.0"), 60.0) == [Moment(50.0, 60.0)]
    assert CODEC.decode(CODEC.encode(0.18, 0.18), 0.18) == 0.18  # spelt 0.2


@pytest.mark.parametrize("ids", [(), (10,), (10, 1), (1, 10, 2, 10), (11,), (-1,), (1,) * 99])
def test_what_is_no_number_means_none(ids):
    assert CODEC.decode(ids, 60.0) is None


@given(whole=st.integers(1, 9), part=st.integers(0, 6), t_s=st.floats(0, 9))
def test_any_number_of_digits_keeps_its_bound(whole, part, t_s):
    codec = DigitTokens(whole, part)
    ids = codec.encode(t_s, 9.0)
    assert len(ids) == whole + part + bool(part)
    assert abs(codec.decode(ids, 9.0) - t_s) <= codec.max_error_s(9.0) + 1e-9


def test_impossible_parameters_are_refused():
    for digits in ((0, 1), (4, -1), (4, 7)):
        with pytest.raises(VtkError, match="1 to 9 digits"):
            DigitTokens(*digits)
    with pytest.raises(UnknownNameError, match="Did you mean 'round'"):
        DigitTokens(rounding="rounds")
