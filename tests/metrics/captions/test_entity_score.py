import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.entity_score import EntityScore, shared
from vtk_notebooks.text.sentences import letter_vectors

THINGS = st.sets(st.sampled_from(["man", "dog", "microphone", "wall", "tie"]), min_size=1)


def one_hot(things):
    """No thing is like another."""
    return np.array([[float(a == b) for b in sorted(set(things))] for a in things])


def test_recall_and_nearness_are_joined_in_a_harmonic_mean():
    numbers = build("metric", "entity_score")(["man dog"], ["man wall tie"], embed=one_hot)
    assert numbers["R"] == pytest.approx(1 / 3)
    assert numbers["C"] == pytest.approx((1 + 0.5) / 2)  # dog is at a right angle to all: 1/2
    assert numbers["EntityScore"] == pytest.approx(2 * (1 / 3) * 0.75 / (1 / 3 + 0.75))


def test_what_is_called_precision_upstream_is_a_recall():
    few, many = ({"man"}, {"man", "dog", "tie"})
    assert shared(many, few, one_hot)[0] == 1
    assert shared(few, many, one_hot)[0] == pytest.approx(1 / 3)


@given(said=THINGS, true=THINGS)
def test_a_new_wrong_thing_lowers_nearness_and_not_recall(said, true):
    before, after = (shared(s, true, one_hot) for s in (said, said | {"zebra"}))
    assert after[0] == before[0]
    assert after[1] < before[1] or before[1] == 0.5


@given(things=THINGS)
def test_the_same_things_score_one_in_any_order(things):
    ways = [" ".join(sorted(things)), " ".join(sorted(things, reverse=True))]
    assert EntityScore()([ways[0]], [ways[1]])["EntityScore"] == pytest.approx(1)


def test_a_finder_of_ones_own_decides_what_a_thing_is():
    def capitals(text):
        return {w for w in text.split() if w.isupper()}

    assert EntityScore()(["a DOG runs"], ["the DOG sleeps"], find=capitals)["EntityScore"] == 1


def test_a_description_without_things_counts_as_zero_unless_upstream():
    said, true = ["man", "it is"], ["man", "man"]
    assert EntityScore()(said, true)["EntityScore"] == 0.5
    released = EntityScore("upstream")(said, true)
    assert released["EntityScore"] == pytest.approx(2 * 1.0001 / 2.0001)
    assert released["EntityScore"].n == released["C"].n == 1
    assert released["no_things"] == 50


def test_a_reference_without_things_is_left_out():
    numbers = EntityScore()(["man", "man"], ["man", "it is"])
    assert (numbers["EntityScore"], numbers["EntityScore"].n) == (1, 1)


def test_what_is_spelt_alike_is_near_by_default():
    near, far = (shared({w}, {"bicycle"}, letter_vectors)[1] for w in ("bicyclist", "microphone"))
    assert near > far >= 0.5


def test_descriptions_without_references_are_refused():
    with pytest.raises(VtkError, match="a description for each reference"):
        EntityScore()(["man"], [])
