import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.text import sentences
from vtk_notebooks.text.sentences import (
    SIMILARITIES,
    letter_vectors,
    meteor,
    same_words,
    singular,
    things,
    token_f1,
    words,
)

TEXTS = st.text(alphabet="abc .,'-", max_size=20)


def test_words_are_lower_case_and_without_punctuation():
    said = "Don't stir the chef's extra-virgin oil & 1/2 cup (3.5 oz.). Mix!"
    told = "do n't stir the chef 's extra-virgin oil & 1/2 cup 3.5 oz mix"
    assert words(said) == told.split()


@given(a=TEXTS, b=TEXTS)
@pytest.mark.parametrize("name", SIMILARITIES)
def test_a_similarity_lies_between_zero_and_one_for_equal_texts(name, a, b):
    alike = SIMILARITIES[name]
    assert 0 <= alike(a, b) <= 1
    assert alike(a, a) == 1


def test_words_in_common_count_as_often_as_both_have_them():
    assert token_f1("a b b", "b b c") == pytest.approx(2 / 3)
    assert token_f1("b", "b b b") == 0.5


def test_same_words_forgive_case_and_punctuation_but_not_order():
    assert same_words("Final thoughts!", "final thoughts") == 1
    assert same_words("thoughts final", "final thoughts") == 0


def test_meteor_matches_stems_but_no_synonyms_and_punishes_scattered_words():
    assert meteor("cats", "cat") == 0.5  # matched, but one chunk for one word
    assert meteor("sofa", "couch") == 0
    assert meteor("a b c d", "c d a b") < meteor("a b c d", "a b c d") == 1


def test_meteor_without_its_package_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "nltk.translate.meteor_score", None)
    sentences._nltk.cache_clear()
    with pytest.raises(VtkError, match=r"vtk-notebooks\[captions\]"):
        meteor("never asked before", "nor this")
    monkeypatch.undo()
    sentences._nltk.cache_clear()


@pytest.mark.parametrize(
    ("many", "one"),
    [("berries", "berry"), ("dishes", "dishe"), ("cats", "cat"), ("glass", "glass"),
     ("bus", "bus"), ("shoes", "shoe"), ("as", "as")],
)  # fmt: skip
def test_the_plural_comes_off_by_rule(many, one):
    assert singular(many) == one


def test_things_are_words_that_could_name_something():
    told = "Two dogs, 3 cats and a red ball are in the snow."
    assert things(told) == {"dog", "cat", "red", "ball", "snow"}


def test_letter_vectors_call_alike_what_is_spelt_alike():
    dog, dogs, cat = letter_vectors(["dog", "dogs", "cat"])
    assert dog @ dogs > 0
    assert dog @ cat == 0
