from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.text.perceptron import (
    Weights,
    allowed,
    fit,
    phrases,
    repaired,
    viterbi,
)

TAGS = ("O", "B-T", "I-T")
ANY = st.lists(st.sampled_from(["O", "B-A", "I-A", "B-B", "I-B"]), max_size=12)
SAID = [
    (["wait", "for", "ten", "seconds"], ["O", "B-T", "I-T", "I-T"]),
    (["ten", "dogs", "wait", "for", "me"], ["O", "O", "O", "O", "O"]),
    (["for", "two", "seconds", "wait"], ["B-T", "I-T", "I-T", "O"]),
]


def featured(words):
    around = ["<", *words, ">"]
    return [[f"w={w}", f"p={around[i]}", f"n={around[i + 2]}"] for i, w in enumerate(words)]


@given(n=st.integers(1, 5), seed=st.integers(0, 999))
def test_the_best_sequence_is_the_best_of_all(n, seed):
    draw = np.random.default_rng(seed)
    scores, transition = draw.integers(-9, 9, (n, 3)), draw.integers(-9, 9, (4, 3))
    may = allowed(TAGS)

    def points(path):
        pairs = list(zip([-1, *path[:-1]], path, strict=True))
        if not all(may[a, b] for a, b in pairs):
            return -np.inf
        return sum(transition[a, b] for a, b in pairs) + sum(scores[range(n), path])

    found = viterbi(scores, transition, may)
    assert points(found) == max(points(list(p)) for p in product(range(3), repeat=n))


@settings(max_examples=20)
@given(seed=st.integers(0, 99), steps=st.integers(1, 12))
def test_the_mean_is_that_of_the_weights_after_every_sentence(seed, steps):
    draw = np.random.default_rng(seed)
    weights, kept = Weights.zero(6, 3), []
    for _ in range(steps):
        sentence = draw.integers(0, 6, (4, 2)).tolist()
        gold = [0, 1, 2, 0] if draw.random() < 0.5 else [1, 2, 0, 0]
        weights.see(sentence, gold, allowed(TAGS))
        kept.append([w.copy() for w in weights.now])
    for mean, every in zip(weights.mean(), zip(*kept, strict=True), strict=True):
        assert np.array_equal(np.round(mean * steps).astype(int), sum(every))


def test_what_can_be_told_apart_is_learnt_without_a_mistake():
    tagger = fit([featured(w) for w, _ in SAID], [t for _, t in SAID], epochs=20)
    assert all(tagger(featured(words)) == tags for words, tags in SAID)
    assert tagger(featured(["wait", "for", "two", "seconds"])) == ["O", "B-T", "I-T", "I-T"]
    assert tagger([]) == []


def test_equal_seeds_learn_equal_weights():
    one, same = (fit([featured(w) for w, _ in SAID], [t for _, t in SAID]) for _ in range(2))
    assert np.array_equal(one.emission, same.emission)
    assert np.array_equal(one.transition, same.transition)


@given(tags=ANY)
def test_repair_is_done_after_one_time_and_changes_no_other_tag(tags):
    once = repaired(tags)
    assert repaired(once) == once
    assert [t[1:] for t in once] == [t[1:] for t in tags]
    assert all(a == b or a.startswith("I") for a, b in zip(tags, once, strict=True))


@given(tags=ANY)
def test_phrases_cover_what_is_tagged_and_do_not_overlap(tags):
    found = phrases(tags)
    inside = [i for _, start, stop in found for i in range(start, stop)]
    assert inside == [i for i, tag in enumerate(tags) if tag != "O"]


def test_a_stray_inside_begins_a_phrase():
    assert phrases(["O", "I-A", "I-A", "I-B", "B-B"]) == [("A", 1, 3), ("B", 3, 4), ("B", 4, 5)]


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(VtkError, match="a tag per word"):
        fit([], [])
    with pytest.raises(VtkError, match="a tag per word"):
        fit([featured(["a"])], [["O", "O"]])
