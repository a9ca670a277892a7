import math

import pytest

from vtk_notebooks.text.time_constraints import read


def bounds(kind, phrase):
    found = read(kind, phrase)
    assert found is not None
    return found.low, found.high, found.unit


@pytest.mark.parametrize(
    ("phrase", "low", "high"),
    [
        ("for about ten seconds", 7.5, 12.5),
        ("for 10 seconds", 9, 11),
        ("for at least twenty five seconds", 25, math.inf),
        ("for more than 2 minutes", 120, math.inf),
        ("for less than 2.5 seconds", 0, 2.5),
        ("for half a minute", 27, 33),
        ("for a few seconds", 2.25, 3.75),
        ("ten-second", 9, 11),
    ],
)
def test_durations_are_seconds_with_some_room(phrase, low, high):
    assert bounds("duration", phrase)[:2] == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("phrase", "relation", "anchor", "near"),
    [
        ("right after the bell", "after", "the bell", True),
        ("after the second man falls.", "after", "the second man falls", False),
        ("as soon as she sits down", "after", "she sits down", True),
        ("just before lunch", "before", "lunch", True),
        ("prior to the jump", "before", "the jump", False),
        ("until he stops", "before", "he stops", False),
        ("while he sings", "during", "he sings", False),
        ("as the train arrives", "during", "the train arrives", False),
    ],
)
def test_orders_say_of_what_and_how_near(phrase, relation, anchor, near):
    found = read("order", phrase)
    assert found is not None
    assert (found.relation, found.anchor, found.near) == (relation, anchor, near)


@pytest.mark.parametrize(
    ("phrase", "which"), [("for the second time", 2), ("the last time", -1), ("the 3rd try", 3)]
)
def test_ordinals_count_from_one_and_the_last_is_minus_one(phrase, which):
    found = read("ordinal", phrase)
    assert found is not None
    assert found.ordinal == which


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("from 0:10 to 0:20", (10, 20, "s")),
        ("between ten and twenty seconds", (10, 20, "s")),
        ("from 2 to 3 minutes", (120, 180, "s")),
        ("at 1:20", (80, 80, "s")),
        ("around the 30 second mark", (30, 30, "s")),
        ("after 1:05", (65, math.inf, "s")),
        ("before 1:05", (0, 65, "s")),
        ("in the first ten seconds", (0, 10, "s")),
        ("after the first minute", (60, math.inf, "s")),
        ("in the second minute", (60, 120, "s")),
        ("in the last 10 seconds", (0, 10, "end s")),
        ("in the first half", (0, 0.5, "part")),
        ("in the last quarter of the film", (0.75, 1, "part")),
        ("in the second third of the video", (1 / 3, 2 / 3, "part")),
        ("at the beginning", (0, 0.25, "part")),
        ("near the end of the clip", (0.75, 1, "part")),
        ("in the middle", (1 / 3, 2 / 3, "part")),
    ],
)
def test_bounds_are_seconds_from_either_end_or_parts(phrase, expected):
    low, high, unit = bounds("bounds", phrase)
    assert (low, high) == pytest.approx(expected[:2])
    assert unit == expected[2]


@pytest.mark.parametrize("kind", ["duration", "order", "ordinal", "bounds"])
def test_what_says_nothing_is_none(kind):
    assert read(kind, "the bell") is None
    assert read(kind, "") is None
