import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.errors import VtkError
from vtk_notebooks.timecodecs import CoordinateTokens

CODEC = CoordinateTokens()
PARTS = st.floats(0, 1)
TOLD = """The dog runs in {<TEMP-010><TEMP-020>}. Its path: {
<TEMP-010>: [<WIDTH-000><HEIGHT-033><WIDTH-050><HEIGHT-099>],
<TEMP-015>:[<WIDTH-070><HEIGHT-033><WIDTH-020><HEIGHT-066>]}"""


def test_100_words_each_for_time_width_and_height():  # the paper's vocabulary
    assert len(CODEC.vocab) == 300
    assert CODEC.vocab[::100] == ("<TEMP-000>", "<WIDTH-000>", "<HEIGHT-000>")


def test_the_last_word_is_the_end_of_the_film():
    assert CODEC.encode(99.0, 99.0) == (99,)
    assert CODEC.decode([99], 49.5) == 49.5


def test_a_span_is_two_words_in_braces():
    assert CODEC.render(CODEC.encode_span(10.0, 20.0, 99.0)) == "{<TEMP-010><TEMP-020>}"


def test_a_box_is_four_words_in_brackets():
    box = CODEC.encode_box((0.0, 1 / 3, 0.5, 1.0))
    assert CODEC.render(box) == "[<WIDTH-000><HEIGHT-033><WIDTH-050><HEIGHT-099>]"


def test_spans_are_read_and_times_of_a_path_are_not_taken_for_them():
    assert CODEC.parse(TOLD, 99.0) == [Moment(10.0, 20.0)]


def test_a_path_is_read_with_its_boxes_turned_the_right_way_round():
    first, second = CODEC.parse_path(TOLD, 99.0)
    assert first == (10.0, pytest.approx((0.0, 33 / 99, 50 / 99, 1.0)))
    assert second == (15.0, pytest.approx((20 / 99, 33 / 99, 70 / 99, 66 / 99)))


@given(box=st.tuples(PARTS, PARTS, PARTS, PARTS))
def test_a_box_comes_back_within_half_a_step(box):
    left, right = sorted((box[0], box[2]))
    top, bottom = sorted((box[1], box[3]))
    back = CODEC.decode_box(CODEC.encode_box((left, top, right, bottom)))
    assert back == pytest.approx((left, top, right, bottom), abs=0.5 / 99 + 1e-9)


@given(n=st.integers(2, 300), part=PARTS)
def test_a_word_is_the_nearest_one(n, part):
    codec = CoordinateTokens(n)
    [k] = codec.encode(part * 60.0, 60.0)
    assert abs(k - part * (n - 1)) <= 0.5 + 1e-9


def test_one_word_twice_is_one_step_around_it():
    assert CODEC.parse("<TEMP-010> <TEMP-010>", 99.0) == [Moment(9.5, 10.5)]
    assert CODEC.parse("{<TEMP-099><TEMP-999>}", 99.0) == [Moment(98.5, 99.0)]


@pytest.mark.parametrize("ids", [(), (1, 2), (100, 201), (100, 200, 101, 101), (0, 200, 101, 201)])
def test_words_that_are_no_box_mean_none(ids):
    assert CODEC.decode_box(ids) is None


def test_too_few_words_and_endless_places_are_refused():
    with pytest.raises(VtkError, match="2 or more"):
        CoordinateTokens(1)
    with pytest.raises(VtkError, match="finite"):
        CODEC.encode_box((0.0, float("nan"), 1.0, 1.0))
    with pytest.raises(VtkError, match="longer than 0 s"):
        CODEC.encode(1.0, 0.0)
