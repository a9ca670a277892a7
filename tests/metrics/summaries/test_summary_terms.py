from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.summaries.summary_terms import (
    Annotated,
    SummaryTerms,
    cluster_diversity,
    continuity,
    dissimilarity,
    f1,
    importance,
    mega_continuity,
    terms,
    uniformity,
)

SEEDS = st.integers(0, 999)


def film(seed=0, s=7, k=4, events=2, scenes=2):
    draw = np.random.default_rng(seed)
    return Annotated(
        concepts=draw.random((s, k)) < 0.4,
        worth=draw.integers(0, 5, k) * 1.0,
        frames=draw.integers(1, 5, s),
        events=draw.integers(-1, events, s) if events else np.full(s, -1),
        event_worth=draw.integers(1, 4, events) * 1.0,
        scenes=draw.integers(0, scenes, s) if scenes else np.zeros(0, int),
    )


def subsets(s):
    return (np.arange(2**s)[:, None] >> np.arange(s) & 1).astype(bool)


def mask(text):
    return np.array([c == "x" for c in text])


def test_a_summary_that_people_would_make_is_as_good_as_theirs():
    numbers = SummaryTerms()(*SummaryTerms.example())
    assert numbers["avgf1"] == numbers["maxf1"] == 1
    assert (numbers["imp"], numbers["mega-cont"], numbers["div-scene"]) == (5, 5, 5)


def test_a_snippet_is_worth_its_best_concept_or_nothing_if_one_is_worth_nothing():
    made = Annotated(
        concepts=np.array([[1, 1, 0], [1, 0, 1], [0, 0, 0]], bool),
        worth=np.array([2.0, 3.0, 0.0]),
        frames=np.ones(3, int),
        events=np.full(3, -1),
        event_worth=np.zeros(0),
        scenes=np.zeros(0, int),
    )
    assert made.ratings.tolist() == [3, 0, 0]


@given(SEEDS)
def test_importance_adds_up(seed):
    made, every = film(seed), subsets(7)
    draw = np.random.default_rng(seed)
    a, b = every[draw.integers(0, 128, 2)]
    value = importance(made, np.stack([a, b, a | b, a & b]))
    assert value[0] + value[1] == value[2] + value[3]
    alone = importance(made, every, exclusive=True)
    assert (alone == importance(made, every & (made.events < 0))).all()


def test_a_mega_event_wants_to_be_whole():
    made = Annotated(
        concepts=np.zeros((5, 1), bool),
        worth=np.ones(1),
        frames=np.ones(5, int),
        events=np.array([0, 0, 0, 1, -1]),
        event_worth=np.array([2.0, 3.0]),
        scenes=np.zeros(0, int),
    )
    chosen = np.array([[1, 1, 1, 0, 0], [1, 1, 0, 1, 0], [0, 0, 0, 0, 1]], bool)
    assert mega_continuity(made, chosen).tolist() == [2 * 9, 2 * 4 + 3, 0]


@given(SEEDS)
def test_diversity_over_clusters_grows_and_grows_ever_less(seed):
    made, every = film(seed, s=6), subsets(6)
    for clusters in (made.runs, made.concepts.T):
        value = cluster_diversity(made.ratings, clusters, every)
        for a in range(64):
            for i, j in combinations(range(6), 2):
                b, both = a | 1 << i, a | 1 << i | 1 << j
                gain, later = value[a | 1 << j] - value[a], value[both] - value[b]
                assert gain >= later - 1e-9
                assert later >= -1e-9


def test_a_cluster_gives_the_best_that_was_picked_from_it():
    ratings, clusters = np.array([1.0, 4.0, 2.0]), np.array([[1, 1, 0], [0, 0, 1]], bool)
    chosen = np.array([[1, 1, 0], [1, 0, 1], [0, 0, 0]], bool)
    assert cluster_diversity(ratings, clusters, chosen).tolist() == [4, 3, 0]


def test_runs_end_where_concepts_change():
    made = film(s=5)
    object.__setattr__(made, "concepts", np.array([[1], [1], [0], [1], [1]], bool))
    assert made.runs.astype(int).tolist() == [[1, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 1]]


@given(SEEDS)
def test_similarity_is_symmetric_one_on_itself_and_its_complement_is_a_distance(seed):
    similar = film(seed, s=9).similarity
    far = 1 - similar
    assert (similar == similar.T).all()
    assert (np.diag(similar) == 1).all()
    assert ((similar >= 0) & (similar <= 1)).all()
    assert (far[:, None] + far[None] >= far[:, :, None].swapaxes(1, 2) - 1e-9).all()


def test_similarity_weighs_concepts_by_their_worth_plus_one():
    made = Annotated(
        concepts=np.array([[1, 1, 0], [0, 1, 1]], bool),
        worth=np.array([0.0, 2.0, 5.0]),
        frames=np.ones(2, int),
        events=np.full(2, -1),
        event_worth=np.zeros(0),
        scenes=np.zeros(0, int),
    )
    assert made.similarity[0, 1] == pytest.approx(3 / (1 + 3 + 6))
    assert dissimilarity(made, np.array([[True, True]])) == pytest.approx([1 - 3 / 10])
    assert dissimilarity(made, np.array([[True, False]])) == [0]


@pytest.mark.parametrize(
    ("text", "unbroken", "even"),
    [
        ("xxxx", 1, 0.869),
        ("xx..xx..", 0.5, 0.676),
        ("x.x.x.x.", 0.25, 0.877),
        ("...x...", 1, 1),
        ("x......", 1, 0),
        (".......", 0, 0),
    ],
)
def test_an_unbroken_summary_is_one_run_and_an_even_one_is_spread(text, unbroken, even):
    assert continuity(mask(text)) == unbroken
    assert uniformity(mask(text)) == pytest.approx(even, abs=5e-4)


@given(arrays(bool, 30))
def test_continuity_and_uniformity_do_not_know_where_the_film_begins(frames):
    assert continuity(frames[::-1]) == continuity(frames)
    assert 0 <= continuity(frames) <= 1
    assert -1e-9 <= uniformity(frames) <= 1 + 1e-9


@given(arrays(bool, 12), arrays(bool, 12))
def test_f1_is_symmetric_and_one_only_for_the_same(a, b):
    assert f1(a, b) == f1(b, a)
    assert (f1(a, b) == 1) == (a.any() and (a == b).all())


def test_f1_counts_frames_and_takes_the_mean_and_the_best_of_references():
    made = film(s=3)
    object.__setattr__(made, "frames", np.array([1, 3, 6]))
    summary, other = np.array([1, 1, 0], bool), np.array([0, 1, 1], bool)
    numbers = SummaryTerms()([summary], [made], [[summary, other]])
    shared = 2 * 3 / (4 + 9)
    assert (numbers["avgf1"], numbers["maxf1"]) == (pytest.approx((1 + shared) / 2), 1)


def test_an_empty_summary_is_worth_nothing():
    made = film()
    nothing = np.zeros(7, bool)
    numbers = build("metric", "summary_terms")([nothing], [made], [[~nothing]])
    assert set(numbers.values()) == {0.0}


def test_a_film_without_scenes_or_mega_events_has_no_such_term():
    found = terms(film(events=0, scenes=0), np.ones(7, bool))
    assert np.isnan(found["mega-cont"])
    assert np.isnan(found["div-scene"])
    assert np.isfinite([v for k, v in found.items() if k not in ("mega-cont", "div-scene")]).all()
    both = [film(events=0, scenes=0), film(1)]
    numbers = SummaryTerms()([np.ones(7, bool)] * 2, both, [[np.ones(7, bool)]] * 2)
    assert numbers["mega-cont"].n == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"frames": np.array([1, 0])},
        {"scenes": np.array([1])},
        {"worth": np.array([-1.0])},
        {"events": np.array([0, 1])},
    ],
)
def test_annotations_that_contradict_themselves_are_refused(wrong):
    told = {
        "concepts": np.ones((2, 1), bool),
        "worth": np.ones(1),
        "frames": np.ones(2, int),
        "events": np.array([0, -1]),
        "event_worth": np.ones(1),
        "scenes": np.zeros(2, int),
    }
    Annotated(**told)
    with pytest.raises(VtkError, match="Annotated expects"):
        Annotated(**told | wrong)


def test_every_film_needs_a_reference():
    with pytest.raises(VtkError, match="references each"):
        SummaryTerms()([np.ones(7, bool)], [film()], [[]])
