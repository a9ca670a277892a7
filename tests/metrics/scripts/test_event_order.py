from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.scripts.event_order import EventOrder, kendall

ABC = ("A", "B", "C")
UPSTREAM = EventOrder(upstream=True)


def test_the_right_order_scores_full_marks_and_its_reverse_the_least():
    right, reverse = (EventOrder()([said], [ABC]) for said in ("(A) (B) (C)", "(C) (B) (A)"))
    assert right == {"@1": 100, "@2": 100, "@3": 100, "tau": 1, "unread": 0}
    assert reverse == {"@1": pytest.approx(100), "@2": 0, "@3": 0, "tau": -1, "unread": 0}


@given(st.permutations("ABCDE"), st.permutations("ABCDE"))
def test_tau_is_kendalls(said, order):
    ranks = [order.index(letter) for letter in said]
    assert kendall(said, order) == pytest.approx(kendalltau(range(5), ranks).statistic)  # type: ignore


@pytest.mark.parametrize("said", list(permutations(ABC)))
def test_of_three_scenes_two_in_place_put_the_third_there_too(said):
    numbers = EventOrder()([", ".join(said)], [ABC])
    assert numbers["@2"] == numbers["@3"]
    assert numbers["@1"] >= numbers["@2"]


def test_only_a_reply_that_repeats_a_scene_has_two_in_place_and_not_three():
    numbers = UPSTREAM(["Scene (A), Scene (B), Scene (B)"], [ABC])
    assert (numbers["@2"], numbers["@3"], numbers["tau"]) == (100, 0, -1)
    strict = EventOrder()(["Scene (A), Scene (B), Scene (B)"], [ABC])
    assert (strict["@1"], strict["unread"]) == (0, 100)


@pytest.mark.parametrize(
    ("reply", "strict", "upstream"),
    [
        ("Scene (B), Scene (A), Scene (C)", "BAC", "BAC"),
        ("(B), (A), (C). Scene (B) is first since it is morning.", "BAC", "BAC"),
        ("B -> A -> C", "BAC", "BAC"),
        ("The order is C, B, A.", "CBA", "TCB"),  # capitals of any word
        ("The Big Cat", None, "TBC"),
        ("I cannot tell.", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_an_order_of_these_scenes_is_read_and_nothing_else_unless_as_upstream(
    reply, strict, upstream
):
    for metric, expected in ((EventOrder(), strict), (UPSTREAM, upstream)):
        assert metric.read(reply, ABC) == (None if expected is None else tuple(expected))


def test_no_reply_is_all_wrong_and_only_upstream_left_out():
    strict, upstream = (m(["A B C", None], [ABC, ABC]) for m in (EventOrder(), UPSTREAM))
    assert (strict["@3"], strict["tau"], strict["unread"]) == (50, 0, 50)
    assert (upstream["@3"], upstream["tau"], upstream["@3"].n) == (100, 1, 1)


def test_longer_films_have_more_places():
    numbers = build("metric", "event_order")(["A B D C"], [("A", "B", "C", "D")])
    assert [numbers[f"@{k}"] for k in (1, 2, 3, 4)] == [100, 100, 0, 0]
    assert numbers["tau"] == pytest.approx(4 / 6)


def test_all_questions_have_as_many_scenes():
    with pytest.raises(VtkError, match="as many scenes"):
        EventOrder()(["A B C", "A B"], [ABC, ("A", "B")])
