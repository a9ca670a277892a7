import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.answers import letter_index
from vtk_notebooks.errors import VtkError

FRUIT = ("A. apple", "B. a red apple", "C. pear", "D. banana split")
SAYS = {
    "D": 3,
    "d": 3,
    "(d)": 3,
    " B. ": 1,
    "B) because it is red": 1,
    "C: the last one": 2,
    "C - pear": 2,
    "[B]": 1,
    "**C**": 2,
    "Answer: D": 3,
    "Best option: C": 2,
    "answer is (b).": 1,
    "The correct answer is: B": 1,
    "It is a choice, C": 2,
    "It is A choice, and that is C": 2,
    "A dog appears, so the answer is B.": 1,
    "A man eats. Therefore, option D.": 3,
    "The answer is B, not A.": 1,
    "I would choose D": 3,
    "I think the answer is not clear, but I pick (A)": 0,
    "First I thought answer A, but the final answer is C": 2,
    "pear": 2,
    "Pear.": 2,
    "C. pear": 2,
    "They eat a red apple at the table": 1,
    "banana split, of course": 3,
    "C is correct": 2,
    "B is most likely": 1,
    "A is the best option": 0,
    "D since he eats it": 3,
    "B the man walks": 1,
    "A the man walks": 0,
    "B\n\nThe man eats. A dog looks on.": 1,
    "A looks likely, B does not.\n\nC": 2,
    "<think>A or B? hm</think><answer>C</answer>": 2,
    "Final answer: $\\boxed{D}$": 3,
    "(Video Time 3.0s) Assistant: A": 0,
    "answer: b": 1,
    "The answer is A because it is red": 0,
    "Answer: C, since A is a dog and B is a cat": 2,
    "C is the correct answer. B shows a cat": 2,
    "A. apple is not what I see, so the answer is D. banana split.": 3,
    "Option A is wrong. Option B is right.": 1,
    "Option B is right. Option A is wrong.": 1,
    "The answer isn't A, it is B": 1,
    "Not (B) but (C)": 2,
    "B. In (A) and (C) nobody eats": 1,
    "(b) looks better than (c)": 1,
    "I'd take option C over A": 2,
}
SILENT = (
    "",
    "I do not know",
    "A dog runs.",
    "A or B",
    "(A) or (C)",
    "E",
    "It is a bad question",
    "apple and pear",
    "pineapple",
    "42",
    "A. B.",
    "A\nB\nC",
    "the answer is a",
    "The answer is A dog",
    "The answer is not A",
    "The answer is B or C",
    "Options A and C",
    "Option B is wrong",
    "None of A, B, C, D",
    "The B-roll shows a type-C plug",
    "B. pear",
)


@pytest.mark.parametrize(("text", "choice"), SAYS.items())
def test_it_reads_what_is_said(text, choice):
    assert letter_index(text, FRUIT) == choice


@pytest.mark.parametrize("text", SILENT)
def test_it_never_guesses(text):
    assert letter_index(text, FRUIT) is None


@pytest.mark.parametrize("count", [2, 4, 5, 26])
def test_it_knows_how_many_choices_there_are(count):
    last = chr(ord("A") + count - 1)
    assert letter_index(f"Answer: {last}", count) == count - 1
    if count < 26:
        assert letter_index(f"Answer: {chr(ord(last) + 1)}", count) is None


@given(text=st.text(max_size=80), count=st.integers(1, 26))
def test_any_text_gives_a_choice_or_none(text, count):
    found = letter_index(text, count)
    assert found is None or 0 <= found < count


@given(choice=st.integers(0, 3), before=st.sampled_from(["", "\n", "  ", "So: "]))
def test_a_marked_letter_is_found_wherever_it_stands(choice, before):
    assert letter_index(f"{before}({'abcd'[choice]})", FRUIT) == choice


def test_too_many_choices_are_refused():
    with pytest.raises(VtkError, match="1 to 26 choices"):
        letter_index("A", 27)
