from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.example_votes import ExampleVotes

LABELS = st.lists(st.lists(st.sampled_from("abc"), max_size=6), min_size=1, max_size=6)


def votes(row, truth, similarities=None, **how):
    numbers = ExampleVotes(**how)([row], [truth], similarities and [similarities])
    return [float(value) for value in numbers.values()]


def test_one_example_is_its_label_and_several_are_their_majority():
    assert votes(["a", "b", "b"], "a", k=(1, 2, 3)) == [100, 100, 0]


def test_of_equal_votes_the_nearest_wins():
    assert votes(["b", "a", "a", "b"], "b", k=(4,)) == [100]


def test_a_weighted_vote_counts_similarities():
    row, similarities = ["a", "b", "b"], [0.9, 0.5, 0.3]
    assert votes(row, "a", similarities, k=(3,)) == [0]
    assert votes(row, "a", similarities, k=(3,), weighted=True) == [100]


def test_who_has_no_example_is_wrong_and_not_left_out():
    numbers = build("metric", "example_votes", k=(1,))([["a"], []], ["a", "a"])
    assert (numbers["k=1"], numbers["k=1"].n) == (50, 2)
    assert ExampleVotes()([[]], ["a"])["k=1"] == 0


@given(ranked=LABELS, k=st.integers(1, 8))
def test_it_votes_as_one_counts_by_hand(ranked, k):
    def by_hand(row):
        return Counter(row[:k]).most_common(1)[0][0] if row else None

    right = np.mean([by_hand(row) == "a" for row in ranked])
    found = ExampleVotes(k=(k,))(ranked, ["a"] * len(ranked))
    assert found[f"k={k}"] == pytest.approx(100 * right)


@given(ranked=LABELS, k=st.integers(1, 6))
def test_later_examples_do_not_vote(ranked, k):
    """Of the neighbours' defects: which examples are looked at has nothing to do with k."""
    truths = ["a"] * len(ranked)
    more = [row[:k] + ["c"] * 9 if len(row) >= k else row for row in ranked]
    assert ExampleVotes(k=(k,))(ranked, truths) == ExampleVotes(k=(k,))(more, truths)


@given(ranked=LABELS)
def test_names_of_labels_do_not_matter(ranked):
    renamed = [[{"a": "z", "b": "y", "c": "a"}[label] for label in row] for row in ranked]
    truths = ["a"] * len(ranked)
    assert ExampleVotes()(ranked, truths) == ExampleVotes()(renamed, ["z"] * len(ranked))


def test_what_cannot_vote_is_refused():
    with pytest.raises(VtkError, match="k of 1 or more"):
        ExampleVotes(k=(0,))
    with pytest.raises(VtkError, match="a list of labels"):
        ExampleVotes()([], [])
    with pytest.raises(VtkError, match="weighted vote"):
        ExampleVotes(weighted=True)([["a"]], ["a"])
    with pytest.raises(VtkError, match="for each example"):
        ExampleVotes(weighted=True)([["a", "b"]], ["a"], [[0.5]])
