import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.errors import VtkError
from vtk_notebooks.timecodecs import BoxTokens

CODEC = BoxTokens()
PARTS = st.floats(0, 1)
BOXES = st.tuples(PARTS, PARTS, PARTS, PARTS)


def test_times_and_places_share_one_vocabulary():  # the paper's idea
    assert len(CODEC.vocab) == 1100
    assert CODEC.vocab[99:101] == ("<time_bin_99>", "<box_0>")


def test_a_box_is_four_words_of_a_thousand():
    ids = CODEC.encode_box((0.0, 1 / 3, 0.5001, 1.0))
    assert CODEC.render(ids) == "<box_0><box_333><box_500><box_999>"
    assert BoxTokens(rounding="floor").encode_box((0.0, 0.0, 0.9999, 0.9999))[2:] == (1098, 1098)


@given(box=BOXES, rounding=st.sampled_from(["round", "floor"]))
def test_a_box_comes_back_within_a_step_and_the_right_way_round(box, rounding):
    back = CODEC.decode_box(BoxTokens(rounding=rounding).encode_box(box))
    left, right = sorted(box[::2])
    top, bottom = sorted(box[1::2])
    error = (0.5 if rounding == "round" else 1) / 999 + 1e-9
    assert back == pytest.approx((left, top, right, bottom), abs=error)


def test_a_track_is_written_and_read_and_its_times_are_not_taken_for_moments():
    track = [(0.0, (0.0, 0.0, 0.5, 0.5)), (50.0, (0.25, 0.25, 0.75, 1.0))]
    text = CODEC.render(CODEC.encode_track(track, 99.0))
    found = CODEC.parse_track(f"It moves: {text}.", 99.0)
    assert [t for t, _ in found] == [0.0, 50.0]
    assert found[1][1] == pytest.approx(track[1][1], abs=0.5 / 999)
    assert CODEC.parse(text, 99.0) == []
    assert len(CODEC.parse_boxes(text)) == 2


def test_a_moment_is_two_words_for_times():
    text = f"At {CODEC.render(CODEC.encode_span(10.0, 20.0, 99.0))}."
    assert CODEC.parse(text, 99.0) == [Moment(10.0, 20.0)]
    assert CODEC.parse("<time_bin_7> <time_bin_7>", 99.0) == [Moment(6.5, 7.5)]


@pytest.mark.parametrize("ids", [(), (100, 101, 102), (99, 100, 100, 100), (100, 100, 100, 1100)])
def test_words_that_are_no_box_mean_none(ids):
    assert CODEC.decode_box(ids) is None
    assert CODEC.decode(ids, 10.0) is None


def test_too_few_words_and_endless_places_are_refused():
    with pytest.raises(VtkError, match="2 or more"):
        BoxTokens(boxes=1)
    with pytest.raises(VtkError, match="finite"):
        CODEC.encode_box((0.0, float("inf"), 1.0, 1.0))
