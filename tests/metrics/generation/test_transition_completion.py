import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.generation.transition_completion import (
    COMPLETION,
    CONSISTENCY,
    OTHERS,
    Statement,
    Transitions,
    consecutive_similarity,
    frame_indices,
    judged,
    ramp,
)

UPSTREAM = Transitions(upstream=True)
REPLIES = st.sampled_from(["yes", "no", "I cannot say", None])
CLIPS = st.lists(st.lists(REPLIES, min_size=3, max_size=3), min_size=1, max_size=5)


def clip(*replies, kinds=(COMPLETION, CONSISTENCY, OTHERS)):
    return [Statement("?", kind, (1, 16), r) for kind, r in zip(kinds, replies, strict=True)]


def test_a_clip_is_complete_when_every_statement_on_its_transition_and_its_object_holds():
    held = [clip("yes", "yes", "yes"), clip("yes", "yes", "no"), clip("yes", "no", "yes")]
    numbers = Transitions()(held)
    assert numbers["TCR"] == pytest.approx(200 / 3)
    assert numbers["TC-Score"] == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)


@pytest.mark.parametrize(
    ("reply", "strict", "upstream"),
    [
        ("Yes, it does.", 1, 1),
        ("no", 0, 0),
        ("No, both eyes are shut.", 0, 1),  # "eyes" holds "yes"
        ("I do not know.", 0, 0),  # and "know" and "not" hold "no"
        ("It appears to be so.", 0, 0.5),
        (None, 0, 0.5),
    ],
)
def test_words_are_read_and_not_parts_of_words_unless_as_upstream(reply, strict, upstream):
    assert Transitions().value(reply) == strict
    assert UPSTREAM.value(reply) == upstream


def test_saying_neither_completes_a_transition_only_upstream():
    neither = [clip("yes", "It appears to be so.", "yes")]
    assert Transitions()(neither)["TCR"] == 0
    assert UPSTREAM(neither)["TCR"] == 100
    assert UPSTREAM(neither)["TC-Score"] == pytest.approx(2.5 / 3)


def test_replies_that_say_neither_are_counted():
    numbers = Transitions()([clip("yes", None, "maybe"), clip("no", "no", "no")])
    assert numbers["unread"] == pytest.approx(100 / 3)


@given(CLIPS)
def test_turning_any_answer_into_yes_never_lowers_a_score(replies):
    before = Transitions()([clip(*r) for r in replies])
    for i in range(3):
        better = [clip(*("yes" if i == k else r for k, r in enumerate(row))) for row in replies]
        after = Transitions()(better)
        assert after["TCR"] >= before["TCR"]
        assert after["TC-Score"] >= before["TC-Score"]


@given(CLIPS)
def test_strict_is_never_kinder_than_upstream_on_whole_words(replies):
    clips = [clip(*r) for r in replies]
    strict, upstream = Transitions()(clips), UPSTREAM(clips)
    assert strict["TCR"] <= upstream["TCR"]
    assert strict["TC-Score"] <= upstream["TC-Score"]


def test_image_to_video_weighs_statements_and_frames_two_to_one():
    made = [clip("yes", "no", "no")]
    assert Transitions()(made, [0.94])["TC-Score"] == pytest.approx(2 / 3 * 0.5 + 1 / 6)
    unknown = Transitions()(made, [float("nan")])["TC-Score"]
    assert unknown == pytest.approx(1 / 3)


def test_the_similarity_of_frames_counts_from_90_to_98_in_a_hundred():
    found = ramp(np.array([0.0, 0.9, 0.94, 0.98, 1.0]))
    assert found.tolist() == pytest.approx([0, 0, 0.5, 1, 1])


def test_a_still_clip_is_as_similar_as_can_be():
    still = np.ones((5, 3)) * [[1.0], [2.0], [3.0], [4.0], [5.0]]
    assert consecutive_similarity(still) == pytest.approx(1)
    assert consecutive_similarity(np.eye(3)) == 0


def test_frame_numbers_run_from_1_to_16_whatever_the_length_of_a_clip():
    assert frame_indices((1, 16), 100) == [0, 99]
    assert frame_indices((1, 5, 9, 13, 16), 16) == [0, 4, 8, 12, 15]
    assert frame_indices((16, 1, 2), 2) == [0, 1]


@given(st.integers(1, 500))
def test_later_numbers_are_never_earlier_frames(frames):
    mapped = [frame_indices((k,), frames)[0] for k in range(1, 17)]
    assert mapped == sorted(mapped)
    assert (mapped[0], mapped[-1]) == (0, frames - 1)


def test_a_judge_is_shown_the_frames_of_the_clip():
    seen = []
    asked = judged([Statement("a?", frames=(1, 16))], 10, lambda q, k: seen.append((q, k)) or "yes")
    assert seen == [("a?", [0, 9])]
    assert asked[0].reply == "yes"


def test_clips_of_one_prompt_stand_or_fall_together():
    clips = [clip("yes", "yes", "yes")] * 5 + [clip("no", "no", "no")] * 5
    found = build("metric", "transition_completion")(clips, None, ["a"] * 5 + ["b"] * 5)["TCR"]
    assert (found, found.low, found.high) == (50, 0, 100)


@pytest.mark.parametrize("clips", [[], [[]], [[Statement("?", OTHERS)]]])
def test_a_clip_without_a_statement_on_its_transition_is_refused(clips):
    with pytest.raises(VtkError, match="statements on their transition"):
        Transitions()(clips)


@pytest.mark.parametrize("wrong", [{"kind": "motion"}, {"frames": (0,)}, {"frames": (17,)}])
def test_an_unknown_kind_or_frame_is_refused(wrong):
    with pytest.raises(VtkError, match="frames from 1 to 16"):
        Statement("?", **wrong)
