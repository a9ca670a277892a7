import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.generation.quality_levels import (
    LEVELS,
    QualityLevels,
    correlation,
    fitted,
)

NAN = float("nan")
SEEDS = st.integers(0, 99)


def films(seed=0, n=40, noise=0.4):
    draw = np.random.default_rng(seed)
    opinions = draw.uniform(1, 5, n)
    return opinions + draw.normal(0, noise, n), opinions


def test_judging_as_people_do_scores_full_marks():
    _, opinions = films()
    numbers = QualityLevels()(opinions, opinions)
    assert numbers["PLCC"] == pytest.approx(1, abs=1e-3)
    assert (numbers["SRCC"], numbers["level"], numbers["unread"]) == (1, 100, 0)


def test_any_logistic_scale_of_a_models_own_is_forgiven():
    _, opinions = films()
    said = 40 + 7 * np.log((opinions - 0.9) / (5.1 - opinions))
    assert np.corrcoef(said, opinions)[0, 1] < 0.995
    assert QualityLevels()(said, opinions)["PLCC"] == pytest.approx(1, abs=1e-4)


@settings(max_examples=20)  # each fits two curves
@given(SEEDS)
def test_ranks_do_not_care_for_any_rising_function_of_what_is_said(seed):
    said, opinions = films(seed)
    once = QualityLevels()(said, opinions)["SRCC"]
    assert QualityLevels()(np.exp(said) - 9, opinions)["SRCC"] == once
    assert once == pytest.approx(spearmanr(said, opinions)[0])


@settings(max_examples=20)
@given(SEEDS)
def test_the_fitted_curve_rises_and_is_no_worse_than_a_straight_line(seed):
    said, opinions = films(seed, noise=1.0)
    curve = fitted(said, opinions)
    assert (np.diff(curve[np.argsort(said)]) >= 0).all()
    assert np.corrcoef(curve, opinions)[0, 1] > np.corrcoef(said, opinions)[0, 1] - 0.01


def test_having_it_upside_down_is_bad_and_not_good():
    _, opinions = films()
    numbers = QualityLevels()(6 - opinions, opinions)
    assert numbers["SRCC"] == -1
    assert numbers["PLCC"] == pytest.approx(-1)


def test_always_saying_the_same_correlates_with_nothing():
    _, opinions = films()
    numbers = QualityLevels()(np.full(40, 3.0), opinions)
    assert (numbers["PLCC"], numbers["SRCC"]) == (0, 0)


def test_an_answer_that_could_not_be_read_is_the_middle_and_is_never_left_out():
    said, opinions = np.array([1.0, NAN, 5.0, NAN]), np.array([1.0, 3.0, 5.0, 1.0])
    numbers = QualityLevels()(said, opinions)
    assert numbers["SRCC"].n == 4
    assert numbers["SRCC"] == pytest.approx(spearmanr([1, 3, 5, 3], opinions)[0])
    assert (numbers["level"], numbers["unread"]) == (50, 50)


def test_probabilities_of_levels_amount_to_their_expectation():
    metric = QualityLevels()
    p = np.array([[0, 0, 0, 0, 1.0], [0.5, 0, 0, 0, 0.5], [0, 0, 2, 2, 0]])
    assert metric.expected(p).tolist() == [5, 3, 3.5]


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5).filter(lambda p: sum(p) > 0.1))
def test_an_expectation_lies_on_the_scale_and_its_level_is_the_nearest(p):
    metric = QualityLevels()
    [quality] = metric.expected(np.array([p]))
    assert 1 - 1e-9 <= quality <= 5 + 1e-9
    [level] = metric.nearest(np.array([quality]))
    distance = np.abs(np.arange(1, 6) - quality)
    assert distance[level] == pytest.approx(distance.min())


def test_half_way_is_the_better_level_and_beyond_the_scale_its_end():
    found = QualityLevels().nearest(np.array([1.49, 1.5, 2.5, -3.0, 9.0]))
    assert found.tolist() == [0, 1, 2, 0, 4]


@pytest.mark.parametrize(
    ("answer", "quality"),
    [
        ("The quality of this film is good.", 4),
        ("Excellent!", 5),
        ("It is neither good nor bad.", NAN),
        ("goodness", NAN),
        ("", NAN),
    ],
)
def test_an_answer_names_one_level_or_none(answer, quality):
    assert QualityLevels().read(answer) == pytest.approx(quality, nan_ok=True)


def test_intervals_hold_the_value_and_know_that_films_of_one_source_are_alike():
    said, opinions = films(n=200, noise=1.0)
    alone = correlation(said, opinions)
    assert 0 < alone.low < alone < alone.high < 1
    many = correlation(np.tile(said[:20], 10), np.tile(opinions[:20], 10))
    sources = correlation(
        np.tile(said[:20], 10), np.tile(opinions[:20], 10), [str(k % 20) for k in range(200)]
    )
    assert sources.high - sources.low > 2 * (many.high - many.low)


@pytest.mark.parametrize("opinions", [np.array([1.0]), np.array([1.0, NAN, 3.0])])
def test_every_film_needs_an_opinion(opinions):
    with pytest.raises(VtkError, match="an answer and an opinion"):
        QualityLevels()(np.ones(len(opinions)), opinions)


def test_probabilities_of_other_levels_and_levels_that_are_none_are_refused():
    with pytest.raises(VtkError, match="5 probabilities"):
        QualityLevels().expected(np.ones((2, 4)))
    with pytest.raises(VtkError, match="different levels"):
        build("metric", "quality_levels", levels=("good", "good"))
    assert LEVELS[0] == "bad"
