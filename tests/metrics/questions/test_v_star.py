from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.v_star import (
    Chained,
    VStar,
    am,
    box_iou,
    frame_ious,
    lgm,
    rated,
)

BOX = (0.0, 0.0, 10.0, 10.0)
HALF = [0, 0, 10, 5]
RIGHT = Chained((4.0, 10.0), {"3": BOX}, 3, ([4, 10], "[4, 10]"), ({"3": BOX}, {"3": BOX}))
SILENT = Chained((4.0, 10.0), {"3": BOX})
MEANS = st.lists(st.floats(0, 0.99), min_size=3, max_size=3)


def column(*means):
    return np.array(means)[:, None]


def test_the_logarithmic_mean_rewards_one_good_answer_more_than_three_fair_ones():
    assert lgm(column(0.6, 0.2, 0.1)) == pytest.approx(0.4149316, abs=1e-7)
    assert am(column(0.6, 0.2, 0.1)) == pytest.approx(0.3)
    assert lgm(column(0.3, 0.3, 0.3)) < lgm(column(0.6, 0.2, 0.1))


def test_nothing_right_is_zero_in_both_means():
    numbers = VStar()([SILENT])
    assert numbers["LGM1"] == numbers["AM1"] == numbers["mLGM"] == numbers["mAM"] == 0
    assert str(float(numbers["LGM1"])) == "0.0"  # and not -0.0


@given(means=MEANS)
def test_the_logarithmic_mean_is_never_below_the_arithmetic_one(means):
    assert lgm(column(*means)) >= am(column(*means)) - 1e-12


def test_everything_right_is_one_and_bounded():
    numbers = VStar()([RIGHT, RIGHT])
    assert numbers["mAM"] == 1
    assert numbers["mLGM"] == pytest.approx(-np.log(1e-6))
    assert numbers["chain 2 VQA & Temp & Spat"] == 1


def test_each_chain_counts_its_own_answers():
    one = replace(RIGHT, when=([4, 7], "from 4 to 10"), where=({}, {"3": HALF}))
    numbers = VStar()([one])
    assert [numbers[f"chain {c} m_tIoU"] for c in (1, 2)] == [0.5, 0]
    assert [numbers[f"chain {c} m_vIoU"] for c in (1, 2)] == [0, 0.5]
    assert numbers["AM1"] == numbers["AM2"] == numbers["mAM"] == 0.5
    assert numbers["chain 1 R1@0.5"] == 1
    assert numbers["chain 2 AP@0.5"] == 1
    assert numbers["chain 2 AP@0.7"] == 0 == numbers["chain 1 AP@0.1"]


def test_the_joint_numbers_are_the_means_of_both_chains():
    numbers = VStar()([replace(RIGHT, when=([4, 10], [4, 7]), where=({"3": HALF}, {}))])
    assert (numbers["AM1"], numbers["AM2"]) == (pytest.approx(2.5 / 3), 0.5)
    assert numbers["mAM"] == pytest.approx((numbers["AM1"] + numbers["AM2"]) / 2)
    assert numbers["mLGM"] == pytest.approx((numbers["LGM1"] + numbers["LGM2"]) / 2)
    assert numbers["LGM1"] > numbers["LGM2"] > 0


JOINT = ("VQA & Temp", "VQA & Spat", "Temp & Spat", "VQA & Temp & Spat")


@pytest.mark.parametrize(
    ("what", "when", "where", "right"),
    [
        (3, [4, 6], {"3": [0, 0, 10, 2]}, [1, 1, 1, 1]),  # a third in time, a fifth in space
        (1, [4, 10], {"3": BOX}, [0, 0, 1, 0]),
        (3, [4, 5], {"3": BOX}, [0, 1, 0, 0]),
        (3, [4, 10], {"3": [0, 0, 1, 5]}, [1, 0, 0, 0]),
    ],
)
def test_a_question_may_be_right_in_more_than_one_way(what, when, where, right):
    numbers = VStar()([replace(RIGHT, what=what, when=(when, None), where=(where, None))])
    assert [numbers[f"chain 1 {name}"] for name in JOINT] == right


def test_the_mean_of_logarithms_is_taken_after_the_mean_over_questions():
    numbers = VStar()([RIGHT, SILENT])
    assert numbers["LGM1"] == pytest.approx(np.log(2))
    assert numbers["AM1"] == 0.5


def test_prose_is_no_span_and_is_reported():
    numbers = VStar()([replace(RIGHT, when=("4 to 10", "os.remove('x')"))])
    assert numbers["chain 1 m_tIoU"] == 0 == numbers["chain 2 m_tIoU"]
    assert (numbers["unread when"], numbers["unread where"], numbers["unread what"]) == (1, 0, 0)


def test_a_silent_answer_counts_as_zero_unless_the_script_is_to_be_repeated():
    strict, upstream = VStar()([RIGHT, SILENT]), VStar(mode="upstream")([RIGHT, SILENT])
    assert (strict["Acc"], strict["chain 1 m_tIoU"], strict["chain 1 AP@0.5"]) == (0.5, 0.5, 0.5)
    assert (upstream["Acc"], upstream["chain 1 m_tIoU"], upstream["chain 1 AP@0.5"]) == (0.5, 1, 1)
    assert upstream["chain 1 m_tIoU"].n == 1
    unanswered = replace(RIGHT, what=None)
    assert VStar(mode="upstream")([RIGHT, unanswered])["chain 1 Temp & Spat"] == 0.5
    assert strict["unread what"] == upstream["unread what"] == 0.5


@given(right=st.integers(1, 5), silent=st.integers(0, 5))
def test_silence_lowers_every_mean_by_its_share(right, silent):
    """Of the neighbours' defects: an answer that is not there shrinks the denominator."""
    numbers = VStar()([RIGHT] * right + [SILENT] * silent)
    share, n = right / (right + silent), right + silent
    for name, value in numbers.items():
        if not name.startswith(("unread", "LGM", "mLGM")):
            assert (value, value.n) == (pytest.approx(share), n), name
    if silent:
        assert numbers["mLGM"] == pytest.approx(-np.log(1 - share))


def test_a_rating_of_two_is_right_and_the_bar_can_be_raised():
    assert VStar()([replace(RIGHT, what=2)])["Acc"] == 1
    assert build("metric", "v_star", right_from=2.5)([replace(RIGHT, what=2)])["Acc"] == 0


def test_every_annotated_frame_counts_and_the_best_of_its_boxes():
    truth = {"3": BOX, "4": BOX, "5": BOX}
    said = {3.0: [HALF, BOX], "4.0": HALF, "9": BOX, "x": BOX}
    assert frame_ious(truth, said).tolist() == [1, 0.5, 0]


@pytest.mark.parametrize(
    "said", [None, "", "[0, 0, 10, 10]", {"3": None}, {"3": [1, 2]}, {"3": [[None] * 4]}, {"3": []}]
)
def test_what_is_no_box_overlaps_nothing(said):
    assert frame_ious({"3": BOX}, said).tolist() == [0]


EDGES = st.tuples(*[st.integers(-5, 20)] * 4).map(lambda e: np.array(e, dtype=float))


@given(a=EDGES, b=EDGES)
def test_overlap_of_boxes_is_symmetric_and_inverted_boxes_have_none(a, b):
    iou = box_iou(a, b)
    assert 0 <= iou <= 1
    assert iou == box_iou(b, a)
    if (a[2:] <= a[:2]).any():
        assert iou == 0
    else:
        assert box_iou(a, a) == 1


@pytest.mark.parametrize(("reply", "value"), [("3", 3), ("Rating: 0", 0), ("good", -1), ("7", -1)])
def test_a_judge_rates_what_was_said(reply, value):
    assert rated("What?", "a dog", "a hound", lambda prompt: reply) == value


def test_a_judge_is_not_asked_about_silence_and_its_own_silence_is_not_right():
    def judge(prompt: str) -> str:
        raise AssertionError("nobody asked")

    assert rated("What?", "a dog", "", judge) is None
    numbers = VStar()([replace(RIGHT, what=-1)])
    assert (numbers["Acc"], numbers["unread what"]) == (0, 1)


@pytest.mark.parametrize("asked", [[], [replace(RIGHT, boxes={})]])
def test_questions_without_annotated_frames_are_refused(asked):
    with pytest.raises(VtkError, match="annotated frames"):
        VStar()(asked)
