from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.tempcompass import (
    ASPECTS,
    Asked,
    TempCompass,
    judge_prompt,
    matched,
)

LETTERS = ("A. leftwards", "B. rightwards")
LINES = ("Option 1: It goes left.", "Option 2: It goes right.")
CHOICE = Asked("Where to?\nA. leftwards\nB. rightwards", "B. rightwards", "", LETTERS, "direction")
WORD = Asked("Does it go right?", "yes", "", (), "direction")
LINE = Asked("Which one?\nOption 1: ...", "Option 2: It goes right.", "", LINES, "direction")
BY_TASK = {"multi-choice": CHOICE, "yes_no": WORD, "caption_matching": LINE}

BOTH = {
    "multi-choice": {
        "B": True,
        "A": False,
        "B. rightwards": True,
        "B) rightwards": True,
        "B</s>": True,
    },
    "yes_no": {"Yes.": True, "no, it does not": False, "perhaps": None},
    "caption_matching": {
        "Option 2: It goes right.": True,
        "It goes left.": False,
        "Option 1": False,
        "Option 2.": True,
        "2": True,
        "2) It goes right.": True,
        "Neither.": None,
    },
}
CASES = [(task, said, right) for task, case in BOTH.items() for said, right in case.items()]
DIFFER = [
    ("multi-choice", "**B. rightwards**", True, None),
    ("multi-choice", "It goes rightwards.", True, None),
    ("yes_no", "Nothing tells.", None, False),
    ("yes_no", "I would say yes", True, None),
    ("caption_matching", "Option 2: It goes right. ", True, None),
    ("caption_matching", "Option 2, clearly", True, None),
]


def said(task: str, text: str | None) -> Asked:
    return replace(BY_TASK[task], said=text)


@pytest.mark.parametrize("mode", ["strict", "upstream"])
@pytest.mark.parametrize(("task", "text", "right"), CASES)
def test_what_both_sets_of_rules_read(task, text, right, mode):
    assert matched(task, said(task, text), mode) is right


@pytest.mark.parametrize(("task", "text", "strict", "upstream"), DIFFER)
def test_where_ours_and_the_released_rules_differ(task, text, strict, upstream):
    assert matched(task, said(task, text)) is strict
    assert matched(task, said(task, text), "upstream") is upstream


@pytest.mark.parametrize("task", BY_TASK)
@pytest.mark.parametrize("mode", ["strict", "upstream"])
def test_what_no_rule_matches_is_counted_as_wrong_and_reported(task, mode):
    right = {"multi-choice": "B", "yes_no": "yes", "caption_matching": "2"}[task]
    numbers = TempCompass(task, mode)([said(task, t) for t in (right, "dunno", None, "")])
    assert (numbers["avg"], numbers["match_rate"]) == (25, 25)


@given(
    task=st.sampled_from([*BY_TASK]), mode=st.sampled_from(["strict", "upstream"]),
    right=st.integers(1, 5), silent=st.integers(0, 5),
)  # fmt: skip
def test_silence_lowers_the_score_by_its_share(task, mode, right, silent):
    """Of the neighbours' defects: an answer that is not there shrinks the denominator."""
    truth = said(task, BY_TASK[task].answer)
    numbers = build("metric", "tempcompass", task=task, mode=mode)(
        [truth] * right + [replace(truth, said=None)] * silent
    )
    for value in numbers.values():
        assert value == pytest.approx(100 * right / (right + silent))
        assert value.n == right + silent


def test_a_judge_is_asked_only_where_no_rule_matches_and_something_was_said():
    prompts = []

    def judge(prompt: str) -> str:
        prompts.append(prompt)
        return "Correct"

    asked = [said("yes_no", text) for text in ("no", "it seems so", None)]
    numbers = TempCompass("yes_no")(asked, judge)
    assert prompts == [judge_prompt(asked[1])]
    assert numbers["avg"] == pytest.approx(100 / 3)
    assert numbers["match_rate"] == pytest.approx(100 / 3)


@pytest.mark.parametrize("reply", ["Incorrect", "", "neither correct nor incorrect", "42"])
def test_a_judge_that_does_not_say_correct_counts_as_wrong(reply):
    assert TempCompass("yes_no")([said("yes_no", "hm")], lambda prompt: reply)["avg"] == 0


def test_a_description_is_right_where_it_supports_the_right_choice():
    replies = {
        "It goes right.": "B",
        "Rightwards it goes.": "(B)",
        "It goes left.": "A. leftwards",
        "A car.": "It does not tell",
    }
    asked = [replace(CHOICE, said=text) for text in replies]
    prompts = []

    def judge(prompt: str) -> str:
        prompts.append(prompt)
        return next(reply for text, reply in replies.items() if text in prompt)

    numbers = TempCompass("captioning")(asked, judge)
    assert (numbers["avg"], numbers["match_rate"]) == (50, 75)
    assert len(prompts) == 4


def test_every_question_weighs_the_same_whatever_its_aspect():
    asked = [replace(said("yes_no", "yes"), aspect="speed")] * 3 + [said("yes_no", "no")]
    numbers = build("metric", "tempcompass", task="yes_no")(asked)
    assert {name: float(value) for name, value in numbers.items()} == {
        "direction": 0, "speed": 100, "avg": 75, "match_rate": 100,
    }  # fmt: skip


@given(answers=st.lists(st.sampled_from(["yes", "no"]), min_size=1, max_size=9))
def test_who_cannot_tell_a_film_from_its_reverse_is_right_half_the_time(answers):
    """The paper's claim: pairs of films that share their frames unmask one-frame guesses."""
    pairs = [
        replace(WORD, answer=truth, said=guess, film=str(n))
        for n, guess in enumerate(answers)
        for truth in ("yes", "no")
    ]
    assert TempCompass("yes_no")(pairs)["avg"] == 50


@given(
    texts=st.lists(st.text(max_size=12), min_size=1, max_size=8), task=st.sampled_from([*BY_TASK])
)
def test_a_lenient_judge_never_costs_points_nor_changes_what_rules_read(texts, task):
    asked = [said(task, text) for text in texts]
    alone, helped = TempCompass(task)(asked), TempCompass(task)(asked, lambda prompt: "Correct")
    assert helped["match_rate"] == alone["match_rate"]
    assert alone["avg"] <= helped["avg"] <= alone["avg"] + 100 - alone["match_rate"] + 1e-9


def test_questions_about_films_of_one_source_stand_or_fall_together():
    asked = [replace(said("yes_no", t), film=t) for t in ("yes", "no") for _ in range(5)]
    avg = TempCompass("yes_no")(asked)["avg"]
    assert (avg.low, avg, avg.high) == (0, 50, 100)


def test_the_aspects_are_the_five_of_the_paper():
    assert set(ASPECTS) == {"action", "direction", "speed", "order", "attribute_change"}


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(VtkError, match="one or more questions"):
        TempCompass()([])
    with pytest.raises(VtkError, match="a judge for captioning"):
        TempCompass("captioning")([CHOICE])
    with pytest.raises(VtkError, match="as the answer"):
        TempCompass()([replace(CHOICE, answer="C. up", said="A")])
