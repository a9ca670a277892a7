import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.boundary_recall import BoundaryRecall, start_coverage

STARTS = st.lists(st.floats(0, 100), min_size=1, max_size=6, unique=True).map(
    lambda s: np.array(sorted(s))
)


def chapters(*starts_s: float, end_s: float = 100.0) -> list[Moment]:
    ends_s = [*starts_s[1:], end_s]
    return [Moment(float(a), float(b)) for a, b in zip(starts_s, ends_s, strict=True)]


def test_a_start_is_found_if_a_predicted_one_is_near_enough():
    numbers = build("metric", "boundary_recall")([chapters(0, 22, 90)], [chapters(0, 20)])
    assert numbers["Recall@1s"] == 1 / 2
    assert numbers["Recall@3s"] == 1
    assert numbers["Precision@3s"] == pytest.approx(2 / 3)
    assert numbers["F1@3s"] == pytest.approx(0.8)


def test_exactly_at_the_limit_is_not_within_it_as_published():
    said, true = [chapters(0, 25)], [chapters(0, 20)]
    assert BoundaryRecall()(said, true)["Recall@5s"] == 0.5
    assert BoundaryRecall(strict=False)(said, true)["Recall@5s"] == 1


def test_the_first_chapter_is_found_by_anyone_and_can_be_left_out():
    said, true = [chapters(0, 50)], [chapters(0, 20)]
    assert BoundaryRecall()(said, true)["Recall@10s"] == 0.5
    assert BoundaryRecall(skip_first=True)(said, true)["Recall@10s"] == 0


def test_whole_chapters_are_compared_by_their_overlap():
    numbers = BoundaryRecall()([chapters(0, 60)], [chapters(0, 50)])
    assert (numbers["Recall@0.7"], numbers["Recall@0.9"]) == (1, 0)  # 50/60 and 40/50


def test_a_film_without_chapters_predicted_counts_as_zero():
    numbers = BoundaryRecall()([chapters(0), []], [chapters(0), chapters(0)])
    assert (numbers["Precision@1s"], numbers["Recall@1s"], numbers["Recall@0.5"]) == (0.5,) * 3


@given(said=STARTS, true=STARTS)
def test_a_wider_limit_never_hurts_and_swapping_swaps_precision_and_recall(said, true):
    both = start_coverage(said, true, (1, 3, 5, 10, 30, 60))
    assert (np.diff(both, axis=1) >= 0).all()
    assert np.array_equal(both, start_coverage(true, said, (1, 3, 5, 10, 30, 60))[::-1])


@given(starts=STARTS, shift=st.floats(1.01, 2.9))
def test_chapters_all_late_by_less_than_three_seconds_are_found_at_three(starts, shift):
    assert (start_coverage(starts + shift, starts, (3,)) == 1).all()


def test_films_without_chapters_are_refused():
    with pytest.raises(VtkError, match="one or more truths, per film"):
        BoundaryRecall()([chapters(0)], [[]])


def test_one_chapter_has_no_start_but_the_first():
    with pytest.raises(VtkError, match="two or more"):
        BoundaryRecall(skip_first=True)([chapters(0)], [chapters(0)])
