import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.proactive_timing import ProactiveTiming

TIMES = st.one_of(st.none(), st.floats(0, 100))


def scores(off_s, said: str | None = "goal", right="goal", **how):
    return ProactiveTiming(**how)([None if off_s is None else 50 + off_s], [said], [50], [right])


@pytest.mark.parametrize(("off_s", "on_time"), [(0, 1), (-2, 1), (2, 1), (-2.01, 0), (3, 0)])
def test_two_seconds_off_is_still_on_time(off_s, on_time):
    numbers = scores(off_s)
    assert numbers["time_accuracy"] == on_time
    assert numbers["early"] + numbers["late"] == 1 - on_time


def test_how_far_off_is_still_on_time_can_be_said():
    timing = build("metric", "proactive_timing", within_s=4.0)
    assert timing([54], ["goal"], [50], ["goal"])["answer_accuracy"] == 1


def test_an_answer_is_right_only_when_its_time_is():
    assert scores(0)["answer_accuracy"] == 1
    assert scores(3)["answer_accuracy"] == 0
    assert scores(0, said="corner")["answer_accuracy"] == 0
    assert scores(0, said="corner")["time_accuracy"] == 1


def test_who_never_speaks_up_gets_nothing_and_is_called_silent():
    numbers = scores(None, said=None)
    assert numbers == {
        "time_accuracy": 0, "answer_accuracy": 0, "early": 0, "late": 0, "silent": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "right", "strict", "upstream"),
    [
        ("13", "3", 0, 1),
        ("now: 3!", "3", 1, 1),
        ("BREAK  point", "Break point", 1, 0),
        ("breakpoint", "Break point", 0, 0),
        ("anything", "", 0, 1),
        ("...", "", 0, 1),
    ],
)
def test_words_are_words_and_for_the_script_characters(said, right, strict, upstream):
    assert scores(0, said, right)["answer_accuracy"] == strict
    assert scores(0, said, right, mode="upstream")["answer_accuracy"] == upstream


@given(said_s=st.lists(TIMES, min_size=1), right_s=st.floats(0, 100))
def test_on_time_early_late_and_silent_are_all_there_is(said_s, right_s):
    n = len(said_s)
    numbers = ProactiveTiming()(said_s, ["goal"] * n, [right_s] * n, ["goal"] * n)
    parts = [numbers[name] for name in ("time_accuracy", "early", "late", "silent")]
    assert sum(parts) == pytest.approx(1)
    assert numbers["answer_accuracy"] == numbers["time_accuracy"]
    assert numbers["silent"] == pytest.approx(said_s.count(None) / n)


@pytest.mark.parametrize("right", [[], ["goal", "goal"]])
def test_instructions_that_do_not_fit_are_refused(right):
    with pytest.raises(VtkError, match="a time and a text for each instruction"):
        ProactiveTiming()([1.0], ["goal"], [1.0], right)
