from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.summaries.pareto_summaries import (
    ParetoSummaries,
    dominated,
    mixed,
    shortfall,
)

SEEDS = st.integers(0, 999)


def coverage(seed, s=7, things=6):
    """What the snippets together show, each thing with its worth: monotone and submodular."""
    draw = np.random.default_rng(seed)
    shown, worth = draw.random((s, things)) < 0.35, draw.uniform(0, 1, things)
    return lambda chosen: ((chosen.astype(float) @ shown) > 0) @ worth


def additive(worth):
    return lambda chosen: chosen @ np.asarray(worth, float)


def test_no_reference_is_better_than_another_on_every_axis():
    terms = {"a": coverage(1), "b": coverage(2), "c": coverage(3)}
    assert ParetoSummaries()(*ParetoSummaries.example()) == {"undominated": 100, "shortfall": 0}
    chosen, scores = ParetoSummaries().references(terms, np.arange(1, 8), 9)
    assert len(chosen) > 1
    assert not dominated(scores, scores).any()
    assert ((chosen @ np.arange(1, 8)) <= 9).all()
    assert scores == pytest.approx(np.stack([t(chosen) for t in terms.values()], 1))


@given(SEEDS, st.integers(1, 5))
def test_greedy_reaches_63_percent_of_the_best_where_more_helps_less_and_less(seed, most):
    term = coverage(seed)
    every = [np.isin(np.arange(7), pick) for pick in combinations(range(7), most)]
    best = term(np.stack(every)).max()
    greedy = ParetoSummaries(cost_sensitive=False).greedy(term, np.ones(7, int), most)
    assert term(greedy[None])[0] >= (1 - 1 / np.e) * best - 1e-9
    assert greedy.sum() <= most


def test_greedy_by_gain_takes_the_best_and_by_gain_per_frame_the_cheapest():
    term, frames = additive([10, 6, 6]), np.array([6, 3, 3])
    by_gain, by_frame = (ParetoSummaries(cost_sensitive=c) for c in (False, True))
    assert by_gain.greedy(term, frames, 6).tolist() == [True, False, False]
    assert by_frame.greedy(term, frames, 6).tolist() == [False, True, True]


def test_greedy_takes_nothing_that_gains_nothing_or_does_not_fit():
    greedy = ParetoSummaries().greedy(additive([0, -1, 5, 1]), np.array([1, 1, 9, 1]), 5)
    assert greedy.tolist() == [False, False, False, True]


def test_the_first_of_equals_is_taken():
    greedy = ParetoSummaries().greedy(additive([1, 1, 1]), np.ones(3, int), 2)
    assert greedy.tolist() == [True, True, False]


@given(SEEDS)
def test_whoever_is_not_dominated_is_missed_by_brute_force_too(seed):
    draw = np.random.default_rng(seed)
    scores = draw.integers(0, 4, (9, 3)) * 1.0
    better = [any((b >= a).all() and (b > a).any() for b in scores) for a in scores]
    assert dominated(scores, scores).tolist() == better
    assert not dominated(scores, scores).all()


def test_a_copy_does_not_dominate():
    twice = np.array([[1.0, 2.0], [1.0, 2.0]])
    assert not dominated(twice, twice).any()


def test_the_shortfall_is_what_must_be_gained_on_every_axis():
    references = np.array([[0.0, 10.0], [4.0, 0.0]])
    scores = np.array([[0.0, 10.0], [2.0, -5.0], [-1.0, 5.0], [9.0, 9.0]])
    assert shortfall(scores, references).tolist() == [0, 0.5, 0.25, 0]


@given(SEEDS)
def test_gaining_its_shortfall_is_enough_for_a_summary(seed):
    draw = np.random.default_rng(seed)
    references, scores = draw.normal(size=(6, 3)), draw.normal(size=(5, 3)) - 1
    gain = shortfall(scores, references)[:, None] * np.ptp(references, axis=0)
    assert not dominated(scores + gain + 1e-9, references).any()


def test_other_seeds_draw_other_mixtures_and_the_same_seed_the_same():
    terms = {str(k): coverage(k, s=30, things=20) for k in range(4)}

    def pick(seed):
        return ParetoSummaries(4, seed=seed).references(terms, np.ones(30, int), 6)[0]

    assert np.array_equal(pick(0), pick(0))
    assert not np.array_equal(pick(0), pick(1))


def test_a_mixture_is_a_weighted_sum():
    both = mixed({"a": additive([1, 0]), "b": additive([0, 1])}, np.array([2.0, 3.0]))
    assert both(np.array([[True, False], [True, True]])).tolist() == [2, 5]


@pytest.mark.parametrize(("budget", "frames"), [(0, [1]), (1, [0])])
def test_a_budget_and_snippets_have_frames(budget, frames):
    with pytest.raises(VtkError, match="one or more frames"):
        ParetoSummaries().greedy(additive([1]), np.array(frames), budget)


def test_no_summaries_or_references_are_refused():
    with pytest.raises(VtkError, match="summaries and references"):
        build("metric", "pareto_summaries")(np.zeros((0, 2)), np.zeros((1, 2)))
