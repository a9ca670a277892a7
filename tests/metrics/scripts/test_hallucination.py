import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.scripts.hallucination import Hallucination, cosines

MEANING = {"dog": 0, "hound": 0, "puppy": 0, "run": 1, "jump": 2, "cat": 3, "kitten": 3}
WORDS = st.lists(st.sampled_from(list(MEANING)), min_size=1, max_size=6)


def embed(words):
    """Words of one meaning have one vector, all others are at right angles."""
    return np.eye(4)[[MEANING[word] for word in words]] * 3.0


def test_words_that_stand_for_nothing_lower_precision_and_things_not_said_recall():
    numbers = Hallucination()([["hound", "jump"]], [["dog", "run", "cat"]], embed)
    assert numbers["Precision"] == 50
    assert numbers["Recall"] == pytest.approx(100 / 3)
    assert numbers["F1"] == pytest.approx(40)


def test_saying_one_thing_in_three_words_recalls_it_threefold_only_upstream():
    said, truth = [["dog", "hound", "puppy"]], [["dog"]]
    assert Hallucination()(said, truth, embed)["Recall"] == 100
    upstream = build("metric", "hallucination", bounded=False)(said, truth, embed)
    assert (upstream["Recall"], upstream["F1"]) == (300, 150)


@given(WORDS, WORDS)
def test_bounded_numbers_are_shares_and_change_places_with_the_texts(a, b):
    there, back = (Hallucination().shares(x, y, embed) for x, y in ((a, b), (b, a)))
    assert there == back[::-1]
    assert all(0 <= share <= 1 for share in there)


@given(WORDS, WORDS, st.integers(0, 99))
def test_neither_order_nor_repetition_matters(said, truth, seed):
    mixed = np.random.default_rng(seed).permutation([*said, *said]).tolist()
    for bounded in (True, False):
        metric = Hallucination(bounded=bounded)
        assert metric.shares(mixed, truth, embed) == metric.shares(said, truth, embed)


def test_a_half_is_not_near_enough():
    vectors = {"a": [1.0, 0.0], "b": [0.5, 3**0.5 / 2], "c": [0.6, 0.8]}
    near = Hallucination(threshold=0.5)
    look = lambda words: np.array([vectors[w] for w in words])  # noqa: E731
    assert near.shares(["b"], ["a"], look)[0] == float(cosines(look("b"), look("a"))[0, 0] > 0.5)
    assert near.shares(["c"], ["a"], look) == (1, 1)
    assert Hallucination(threshold=0.6).shares(["c"], ["a"], look) == (0, 0)


def test_the_mean_of_f1s_is_not_the_f1_of_means():
    numbers = Hallucination()([["dog"], ["cat", "jump"]], [["dog", "run"], ["cat"]], embed)
    assert (numbers["Precision"], numbers["Recall"]) == (75, 75)
    assert numbers["F1"] == pytest.approx(100 * 2 / 3)


def test_saying_nothing_is_worth_nothing_and_is_not_left_out():
    numbers = Hallucination()([[], ["dog"]], [["dog"], ["dog"]], embed)
    assert set(numbers.values()) == {50}


def test_a_word_without_a_vector_is_near_nothing():
    assert not cosines(np.zeros((1, 2)), np.ones((1, 2))).any()


def test_every_description_needs_a_truth():
    with pytest.raises(VtkError, match="words of truth"):
        Hallucination()([["dog"]], [[]], embed)
