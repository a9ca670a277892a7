import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.timecodecs import RelativeTokens

LITA = RelativeTokens.lita()
GROUNDED = RelativeTokens.grounded_videollm()
DURATIONS = st.floats(0.1, 1e5)


def spans(codec, text, duration_s=99.0):
    return [(m.start_s, m.end_s) for m in codec.parse(text, duration_s)]


def test_lita_has_100_tokens_and_grounded_videollm_301():  # the papers' vocabularies
    assert (LITA.vocab[0], LITA.vocab[-1], len(LITA.vocab)) == ("<t0>", "<t99>", 100)
    assert (GROUNDED.vocab[0], GROUNDED.vocab[-1], len(GROUNDED.vocab)) == ("<0>", "<300>", 301)


def test_one_rounds_to_the_nearest_mark_the_other_down():
    assert LITA.encode(1.6, 99.0) == (2,)
    assert GROUNDED.encode(1.6, 300.0) == (1,)


def test_the_end_of_the_film_is_the_last_token():
    assert LITA.encode(30.96, 30.96) == (99,)
    assert GROUNDED.encode(30.96, 30.96) == GROUNDED.encode(46.4, 30.96) == (300,)


def test_litas_released_code_leaves_its_vocabulary_behind_the_end():
    assert RelativeTokens(clamp=False).encode(31.5, 30.96) == (101,)
    assert RelativeTokens().encode(31.5, 30.96) == (99,)


@given(part=st.floats(0, 1), duration_s=DURATIONS, n=st.integers(2, 400))
def test_rounding_down_is_that_of_exact_arithmetic(part, duration_s, n):
    t_s = part * duration_s
    [k] = RelativeTokens(n, "floor").encode(t_s, duration_s)
    steps = Fraction(t_s) * (n - 1) / Fraction(duration_s)
    near = math.ceil(steps) - steps < Fraction(1, 10**8)  # a hair below a mark counts as on it
    assert k == math.floor(steps) or (near and k == math.ceil(steps))


def test_vid2seq_has_100_bins_cut_off_as_released():
    codec = RelativeTokens.vid2seq()
    assert (codec.vocab[0], codec.vocab[-1], len(codec.vocab)) == ("<time=0>", "<time=99>", 100)
    assert codec.encode(1.9, 99.0) == (1,)
    assert codec.encode(10.35, 10.35) == (98,)  # 99 * 10.35 / 10.35 is a hair below 99
    assert RelativeTokens(100, "floor").encode(10.35, 10.35) == (99,)


@given(part=st.floats(0, 1), duration_s=DURATIONS)
def test_rounding_down_never_decodes_to_a_later_time(part, duration_s):
    t_s = part * duration_s
    back = GROUNDED.decode(GROUNDED.encode(t_s, duration_s), duration_s)
    assert -1e-9 * duration_s <= t_s - back <= duration_s / 300


@given(k=st.integers(0, 300), duration_s=DURATIONS)
def test_a_marks_own_time_is_that_mark_also_when_rounding_down(k, duration_s):
    t_s = GROUNDED.decode([k], duration_s)
    assert t_s is not None
    assert GROUNDED.encode(t_s, duration_s) == (k,)


@given(part=st.floats(0, 1), duration_s=st.floats(1, 1e3), factor=st.floats(0.5, 2))
def test_only_the_place_in_the_film_matters(part, duration_s, factor):
    codec = RelativeTokens(n=8)
    here = codec.encode(part * duration_s, duration_s)
    there = codec.encode(part * duration_s * factor, duration_s * factor)
    assert abs(here[0] - there[0]) <= (abs(part * 7 % 1 - 0.5) < 1e-9)  # ties may fall either way


@given(
    n=st.integers(2, 999),
    rounding=st.sampled_from(["round", "floor"]),
    inclusive=st.booleans(),
    decimals=st.sampled_from([None, 0, 2]),
    part=st.floats(0, 1),
    duration_s=st.floats(1, 1e4),
)
def test_the_bound_holds_for_every_ruler(n, rounding, inclusive, decimals, part, duration_s):
    codec = RelativeTokens(n, rounding, inclusive, decimals=decimals)
    t_s = part * duration_s
    back = codec.decode(codec.encode(t_s, duration_s), duration_s)
    assert abs(back - t_s) <= codec.max_error_s(duration_s) * (1 + 1e-6)


def test_the_bound_is_half_a_step_or_a_step():
    assert RelativeTokens(n=101).max_error_s(100.0) == 0.5
    assert RelativeTokens(n=101, rounding="floor").max_error_s(100.0) == 1.0
    assert LITA.max_error_s(99.0) == pytest.approx(0.505)


def test_spans_are_read_from_any_prose():
    assert spans(LITA, "From <t3> until <t7>; then <t10><t20>, and <t50>.") == [(3, 7), (10, 20)]
    assert spans(GROUNDED, "at <30> to <60>", 300.0) == [(30, 60)]


def test_reversed_pairs_are_turned_and_equal_ones_opened_by_a_step():
    assert spans(LITA, "<t7> <t3>") == [(3, 7)]
    assert spans(LITA, "<t7> <t7>") == [(6.5, 7.5)]
    assert spans(LITA, "<t0> <t0>, <t99> <t99>") == [(0, 0.5), (98.5, 99)]


def test_numbers_behind_the_last_mark_mean_the_last_mark():
    assert spans(LITA, "<t90> <t101>") == [(90, 99)]


@pytest.mark.parametrize("codec", [LITA, RelativeTokens(token="{}")])
def test_numbers_longer_than_any_count_are_passed_over(codec):
    endless = codec.token.format("9" * 5000)  # more digits than int() takes
    assert codec.parse(f"{endless} {endless}", 10.0) == []


def test_other_tokens_and_broken_ones_are_passed_over():
    assert spans(LITA, "<3> <t 4> <tx> <t5 t6> <t-1>") == []


def test_bare_digits_are_read_as_whole_numbers_only():  # VTimeLLM writes them so
    digits = RelativeTokens(n=100, inclusive=False, token="{:02d}")
    assert digits.render(digits.encode_span(5.0, 50.0, 100.0)) == "0550"
    assert spans(digits, "from 05 to 50", 100.0) == [(5, 50)]
    assert spans(digits, "at 1.5 and 2.25 s", 100.0) == []


@pytest.mark.parametrize("ids", [[], [-1], [100], [1, 2]])
def test_what_is_no_time_decodes_to_none(ids):
    assert LITA.decode(ids, 10.0) is None


@pytest.mark.parametrize(
    ("t_s", "duration_s"), [(1.0, 0.0), (1.0, -3.0), (float("nan"), 1.0), (1.0, float("inf"))]
)
def test_a_time_in_no_film_is_refused(t_s, duration_s):
    with pytest.raises(VtkError, match="longer than 0 s"):
        LITA.encode(t_s, duration_s)


def test_wrong_parameters_are_refused():
    with pytest.raises(VtkError, match="2 or more"):
        RelativeTokens(n=1)
    with pytest.raises(UnknownNameError, match="Did you mean 'round'"):
        RelativeTokens(rounding="rounded")
    for token in ("<t>", "{}{}"):
        with pytest.raises(VtkError, match=r"one \{\}"):
            RelativeTokens(token=token)
