import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.video_mme import VideoMME, upstream_letter

LENGTHS = ["short", "short", "medium", "long"]
SAID = st.sampled_from(["A", "B", "Best option: C", "Answer: D", "hm", ""])

PINS = {
    "B": 1,
    "The answer is D": 3,
    "The best answer is C.": 2,
    "The correct answer is: B": 1,
    "Best option: C": 1,  # the phrase is never taken away: a comma is missing
    "Best answer: D": 1,
    "The best option is D": 3,
    "The best option isThe correct option is D": 3,
    "Answer: D": 0,
    "It is A dog, so C": 0,
    "no letter here": None,
    "": None,
}


def test_accuracy_is_in_percent_by_length_and_over_all_questions():
    numbers = VideoMME()(["A", "B", "C", "D"], [0, 0, 2, 2], LENGTHS)
    assert list(numbers) == ["overall", "short", "medium", "long", "unread"]
    assert list(numbers.values()) == [50, 50, 100, 0, 0]


def test_fields_their_parts_and_tasks_have_numbers_of_their_own():
    kinds = ["Multilingual", "Sports", "Sports", "Sports"]
    numbers = VideoMME()(["A"] * 4, [0, 1, 1, 0], LENGTHS, kinds, kinds[::-1], ["OCR"] * 4)
    assert numbers["domain Multilingual"] == 100
    assert numbers["domain Sports"] == pytest.approx(100 / 3)
    assert numbers["sub-category Multilingual"] == 100
    assert numbers["task OCR"] == 50


def test_what_is_gained_by_subtitles_is_paired_question_by_question():
    more = ["A", "A", "A", "A", "A", "A"]
    numbers = VideoMME()(
        ["A", "A", "A", "B", "B", "B"], [0] * 6, ["short"] * 6, with_subtitles=more
    )
    assert (numbers["overall"], numbers["overall w/ subs"], numbers["overall gain"]) == (
        50,
        100,
        50,
    )
    assert 0 < numbers["overall gain"].low < 50 < numbers["overall gain"].high < 100
    assert numbers["unread w/ subs"] == 0


@pytest.mark.parametrize(("text", "number"), PINS.items())
def test_the_released_reader_takes_the_first_capital_that_its_phrases_leave(text, number):
    assert upstream_letter(text) == number


def test_reading_without_guessing_undoes_the_traps():
    said = ["Best option: C", "Answer: D", "It is A dog, so C"]
    strict = VideoMME()(said, [2, 3, 2], ["short"] * 3)
    upstream = build("metric", "video_mme", mode="upstream")(said, [2, 3, 2], ["short"] * 3)
    assert (strict["overall"], upstream["overall"]) == (100, 0)


def test_the_script_leaves_out_what_it_cannot_read_and_strict_does_not():
    said = ["A", "no idea"], [0, 0], ["short", "long"]
    assert VideoMME()(*said)["overall"] == 50
    upstream = VideoMME(mode="upstream")(*said)
    assert (upstream["overall"], upstream["overall"].n, upstream["unread"]) == (100, 1, 50)
    assert "long" not in upstream


@given(asked=st.lists(st.tuples(SAID, st.integers(0, 3)), min_size=1))
def test_the_overall_number_is_the_mean_over_lengths_weighted_by_questions(asked):
    responses, answers = map(list, zip(*asked, strict=True))
    lengths = [LENGTHS[i % 4] for i in range(len(asked))]
    numbers = VideoMME()(responses, answers, lengths)
    parts = [numbers[name] for name in set(lengths)]
    assert numbers["overall"] == pytest.approx(
        sum(part * part.n for part in parts) / len(responses)
    )


def test_an_unknown_length_is_refused():
    with pytest.raises(VtkError, match="short, medium, long"):
        VideoMME()(["A"], [0], ["11 minutes"])
