import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.text.time_words import (
    FORMS,
    features,
    number,
    seconds,
    shape,
    split,
    word_class,
)


@given(text=st.text(max_size=80))
def test_words_stand_where_they_say_and_leave_only_gaps_between(text):
    words = split(text)
    assert all(text[w.start : w.stop] == w.text for w in words)
    rest = "".join(
        text[a:b]
        for a, b in zip(
            [0, *(w.stop for w in words)], [*(w.start for w in words), len(text)], strict=True
        )
    )
    assert not any(c.isascii() and c.isalnum() for c in rest)


def test_clocks_numbers_and_signs_are_words_of_their_own():
    assert [w.text for w in split("At 1:05, the dog's 2nd jump: 12.5s!")] == [
        "At", "1:05", ",", "the", "dog's", "2nd", "jump", ":", "12.5", "s", "!",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "meant"),
    [("ten", 10), ("twenty five", 25), ("12.5", 12.5), ("half a", 0.5), ("a couple", 2), ("a", 1)],
)
def test_numbers_are_read_in_words_and_in_digits(said, meant):
    assert number(said.split()) == meant


def test_what_is_no_number_is_none():
    assert number(["bell"]) is None
    assert number([]) is None


def test_clock_times_are_seconds():
    assert (seconds("1:05"), seconds("1:02:03")) == (65, 3723)


def test_classes_join_what_plays_one_part():
    assert [word_class(w) for w in ("Ten", "12", "third", "2:30", "Seconds", "Bell")] == [
        "<num>", "<num>", "<ord>", "<clock>", "<unit>", "bell",
    ]  # fmt: skip
    assert word_class("second") == "<ord>"  # which of the two it is, its neighbours tell
    assert (shape("A100"), shape("12:30")) == ("a0+", "0+:0+")


@pytest.mark.parametrize("form", FORMS)
def test_each_form_sees_every_word_and_its_neighbours(form):
    words = ["right", "after", "the", "bell"]
    seen, other = features(words, form), features([*words[:3], "goal"], form)
    assert len(seen) == 4
    assert all(seen)
    assert seen[0] == other[0]  # three words away
    assert seen[3] != other[3]


def test_five_forms_are_five():
    views = [str(features(["after", "ten", "seconds"], form)) for form in FORMS]
    assert len(set(views)) == 5
