import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.curation.needle_insertion import niavh_grid
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.niavh import Niavh, rated


def test_a_needle_that_is_always_found_is_rated_ten_in_every_cell():
    scores = Niavh()([10] * 480, niavh_grid())
    assert set(scores.values()) == {10, 0}
    assert len(scores) == 1 + 40 + 12 + 1


def test_a_needle_that_is_found_in_short_films_only_shows_by_length_and_not_by_depth():
    cells = niavh_grid(4, 3, 100)
    scores = Niavh()([10 if s < 50 else 1 for s, _ in cells], cells)
    assert [scores[f"length {s} s"] for s in (1, 34, 67, 100)] == [10, 10, 1, 1]
    assert [scores[f"depth {d}"] for d in ("0.00", "0.50", "1.00")] == [5.5] * 3
    assert scores["score"] == 5.5


@given(st.lists(st.none() | st.integers(1, 10), min_size=12, max_size=12))
def test_the_score_is_the_mean_of_the_lengths_and_of_the_depths(ratings):
    scores = Niavh()(ratings, niavh_grid(4, 3, 100))
    for kind, many in (("length", 4), ("depth", 3)):
        parts = [v for name, v in scores.items() if name.startswith(kind)]
        assert sum(parts) / many == pytest.approx(scores["score"])


def test_what_could_not_be_read_counts_as_the_least():
    scores = Niavh()([None, 9], [(1.0, 0.0), (1.0, 1.0)])
    assert scores["score"] == 5
    assert scores["unread"] == 50


@pytest.mark.parametrize(
    ("answer", "rating"),
    [("A red kite.", 10), ("a RED KITE, I think", 10), ("a bored kite", 1), ("red", 1), ("", 1)],
)
def test_an_answer_names_the_needle_or_does_not(answer, rating):
    assert rated(answer, "red kite") == rating


def test_a_needle_without_words_is_never_named():
    assert rated("anything", "?") == 1


@pytest.mark.parametrize("ratings", [[], [1], [0, 5], [5, 11], [5, float("nan")]])
def test_ratings_that_are_none_are_refused(ratings):
    with pytest.raises(VtkError, match="niavh"):
        Niavh()(ratings, [(1.0, 0.0), (1.0, 1.0)])
