import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.sentence_scores import SentenceScores, cider_d, rouge_l

WORDS = ["a", "man", "dog", "rides", "runs", "home", "fast"]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
RIGHT, OTHER = "cut the bread into thick slices", "a man rides his bicycle home"


def test_its_own_reference_scores_ten_and_a_sentence_without_a_common_word_zero():
    assert cider_d([RIGHT, "x y z w"], [[RIGHT], [OTHER]]) == pytest.approx([10, 0])


def test_a_word_that_every_reference_has_is_worth_nothing():
    same = [["the bread"], ["the dog"]]
    assert cider_d(["the", "bread"], same, longest=1)[0] == 0
    assert cider_d(["the", "dog"], same, longest=1)[1] == pytest.approx(10 * np.exp(-1 / 72))


def test_saying_a_rare_word_twice_is_clipped_and_too_long():
    once, twice = (cider_d([s, OTHER], [["bread"], [OTHER]])[0] for s in ("bread", "bread bread"))
    assert twice == pytest.approx(once * 0.5 * np.exp(-1 / 72))  # cosine 1 against 2 of its own


def test_references_are_averaged_and_case_and_punctuation_do_not_count():
    both = cider_d([RIGHT, OTHER], [[RIGHT, "no word in common"], [OTHER]])
    assert both[0] == pytest.approx(5, abs=0.3)
    assert cider_d([RIGHT.upper() + "!", OTHER], [[RIGHT], [OTHER]])[0] == pytest.approx(10)


def test_figures_of_the_coco_evaluation():
    said = ["a man rides a bicycle", "two dogs play in the snow", "someone cuts bread"]
    references = [
        ["a man is riding his bicycle", "the man rides a bicycle"],
        ["two dogs play", "dogs run in the snow"],
        ["someone cuts the bread into slices"],
    ]
    expected = [4.187054, 3.837843, 2.406623]  # pycocoevalcap 1.2, 2026-11-25
    assert cider_d(said, references) == pytest.approx(expected, abs=1e-6)
    expected = [0.8, 0.829932, 0.628866]
    pairs = zip(said, references, strict=True)
    assert [rouge_l(s, r) for s, r in pairs] == pytest.approx(expected, abs=1e-6)


@given(first=SENTENCES, second=SENTENCES, corpus=SENTENCES)
def test_each_corpus_counts_its_own_rare_words(first, second, corpus):
    alone = [cider_d([s, corpus], [[s], [corpus]]) for s in (first, second)]
    said = [first, corpus, second, corpus]
    together = cider_d(said, [[s] for s in said], ["one", "one", "other", "other"])
    assert together == pytest.approx(np.concatenate(alone), abs=1e-12)


@given(said=SENTENCES, references=st.lists(SENTENCES, min_size=1, max_size=3), more=SENTENCES)
def test_scores_stay_in_their_range_and_another_reference_never_hurts_rouge(said, references, more):
    assert 0 <= rouge_l(said, references) <= rouge_l(said, [*references, more]) <= 1
    assert -1e-9 <= cider_d([said, more], [references, [more]])[0] <= 10 + 1e-9


def test_a_missing_sentence_counts_as_zero():
    numbers = build("metric", "sentence_scores")(["", OTHER], [[RIGHT], [OTHER]])
    assert numbers["CIDEr-D"] == pytest.approx(5)
    assert (numbers["ROUGE-L"], numbers["METEOR exact+stem"]) == (0.5, pytest.approx(0.5, abs=0.01))


def test_sentences_too_short_for_an_n_gram_have_none():
    assert cider_d(["bread", "dog"], [["bread"], ["dog"]]) == pytest.approx([2.5, 2.5])
    assert cider_d(["", ""], [["bread"], [""]]).tolist() == [0, 0]


def test_meteor_can_be_left_out():
    numbers = SentenceScores(with_meteor=False)([RIGHT, OTHER], [[RIGHT], [OTHER]])
    assert set(numbers) == {"CIDEr-D", "ROUGE-L"}


@pytest.mark.parametrize(("said", "references"), [([], []), (["a"], []), (["a"], [[]])])
def test_items_without_a_reference_are_refused(said, references):
    with pytest.raises(VtkError, match="one or more right ones"):
        SentenceScores()(said, references)
