import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build
from vtk_notebooks.errors import VtkError, WeightsError
from vtk_notebooks.pipelines.time_expressions import WEIGHTS, Asked, measured
from vtk_notebooks.text.time_constraints import Constraint, read

ASK = build("pipeline", "time_expressions")
EARLY, LATE, LONG = Moment(2.0, 4.0, 0.5), Moment(30.0, 34.0, 0.4), Moment(10.0, 25.0, 0.9)
FILM_S = 40.0
MOMENTS = st.lists(
    st.tuples(st.floats(0, 30), st.floats(0.5, 9), st.floats(0, 1)).map(
        lambda m: Moment(m[0], m[0] + m[1], m[2])
    ),
    max_size=6,
)


def asking(*constraints):
    return Asked("", tuple(constraints), 0.0)


def kinds(question):
    return [(c.kind, c.text) for c in ASK(question).constraints]


def test_the_three_examples_of_the_paper_s_kind_are_found_and_taken_out():
    asked = ASK("A man waves for about ten seconds right after the bell for the second time.")
    assert [(c.kind, c.text) for c in asked.constraints] == [
        ("duration", "for about ten seconds"),
        ("order", "right after the bell"),
        ("ordinal", "for the second time"),
    ]
    assert asked.text == "A man waves."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("the dog jumps in the second half", [("bounds", "in the second half")]),
        ("At 1:20, she opens the door", [("bounds", "At 1:20")]),
        ("the second man picks up the cup", []),
        ("when does she sing for the last time?", [("ordinal", "for the last time")]),
    ],
)
def test_other_questions_are_read_as_people_mean_them(question, expected):
    assert kinds(question) == expected


def test_what_comes_along_is_small_and_says_how_good_it_is():
    assert WEIGHTS.stat().st_size < 200_000
    numbers = measured()
    assert numbers["chosen by votes, seen templates"]["f1_percent"] > 95
    assert 50 < numbers["chosen by votes, held out"]["f1_percent"] < 100


def test_what_was_measured_is_what_the_weights_do():
    from vtk_notebooks.text.time_tagger import load
    from vtk_notebooks.training import time_phrases

    test = time_phrases.examinations(1)["held out"][:150]
    again = time_phrases.measured(load(WEIGHTS), test)
    said = measured()["chosen by votes, held out"]
    assert again["words_percent"] == pytest.approx(said["words_percent"], abs=3)
    assert again["f1_percent"] == pytest.approx(said["f1_percent"], abs=8)


def test_bounds_keep_what_lies_inside():
    half = asking(read("bounds", "in the second half"))
    assert half.kept([EARLY, LONG, LATE], FILM_S) == [LATE]
    assert half.fit(LONG, FILM_S) == pytest.approx(5 / 15)
    last = asking(read("bounds", "in the last 10 seconds"))
    assert last.kept([EARLY, LONG, LATE], FILM_S) == [LATE]
    at = asking(read("bounds", "at 0:12"))
    assert at.kept([EARLY, LONG, LATE], FILM_S) == [LONG]


def test_durations_keep_what_lasts_about_as_long():
    short = asking(read("duration", "for about two seconds"))
    assert short.kept([EARLY, LONG, LATE], FILM_S) == [EARLY, LATE]
    assert short.fit(EARLY, FILM_S) == 1
    assert short.fit(LATE, FILM_S) == pytest.approx(2.5 / 4)


def test_orders_ask_when_the_other_thing_happens():
    asked = asking(read("order", "right after the bell"))
    bell = {"the bell": [Moment(4.5, 9.5)]}
    assert asked.kept([EARLY, LONG, LATE], FILM_S, bell.__getitem__) == [LONG]
    before = asking(read("order", "before the bell"))
    assert before.kept([EARLY, LONG, LATE], FILM_S, bell.__getitem__) == [EARLY]
    during = asking(read("order", "during the bell"))
    assert during.fit(Moment(5.0, 6.0), FILM_S, bell.__getitem__) == 1
    assert asked.kept([EARLY, LONG, LATE], FILM_S) == [EARLY, LONG, LATE]  # nobody to ask
    assert asked.fit(EARLY, FILM_S, lambda text: []) == 1


def test_ordinals_count_in_order_of_time_what_meets_the_rest():
    second = read("ordinal", "the second time")
    assert asking(second).kept([LONG, EARLY, LATE], FILM_S) == [LONG]
    short = read("duration", "for about two seconds")
    assert asking(second, short).kept([LONG, EARLY, LATE], FILM_S) == [LATE]
    assert asking(read("ordinal", "the last time")).ranked([EARLY, LATE], FILM_S)[0] == LATE
    assert asking(read("ordinal", "the third time")).kept([EARLY, LATE], FILM_S) == []


@given(moments=MOMENTS)
def test_a_question_without_times_changes_nothing_but_the_order(moments):
    ranked = asking().ranked(moments, FILM_S)
    assert sorted(map(repr, ranked)) == sorted(map(repr, moments))
    assert [m.score for m in ranked] == sorted((m.score for m in moments), reverse=True)


@given(moments=MOMENTS, low=st.floats(0, 20), long=st.floats(0.1, 20))
def test_what_is_kept_is_among_what_came_and_fits_are_parts(moments, low, long):
    asked = asking(Constraint("bounds", "", low, low + long))
    assert set(asked.kept(moments, FILM_S)) <= set(moments)
    assert len(asked.ranked(moments, FILM_S)) == len(moments)
    assert all(0 <= asked.fit(m, FILM_S) <= 1 + 1e-9 for m in moments)


@given(text=st.text(min_size=1))
def test_any_text_is_read_without_complaint(text):
    if text.strip():
        assert 0 <= ASK(text).doubt <= 1 + 1e-9


def test_no_question_and_no_file_are_refused():
    with pytest.raises(VtkError, match="a question"):
        ASK(" ")
    with pytest.raises(WeightsError):
        build("pipeline", "time_expressions", file="none.json")("a question")
