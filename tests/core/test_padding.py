import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.arrays import padded
from vtk_notebooks.data import Span
from vtk_notebooks.spans import as_arrays

LISTS = st.lists(st.lists(st.integers(0, 9).map(float), max_size=5), min_size=1, max_size=5)


@given(lists=LISTS)
def test_every_list_is_the_start_of_its_row_and_nan_the_rest(lists):
    rows = padded(np.array([v for one in lists for v in one], dtype=float), list(map(len, lists)))
    assert rows.shape == (len(lists), max(map(len, lists)))
    for row, one in zip(rows, lists, strict=True):
        assert row[: len(one)].tolist() == one
        assert np.isnan(row[len(one) :]).all()


def test_rows_of_vectors_and_a_wider_array():
    rows = padded(np.ones((3, 2)), [1, 2], width=4)
    assert rows.shape == (2, 4, 2)
    assert np.isnan(rows[0, 1:]).all()


def test_moments_and_spans_of_files_become_arrays_alike():
    spans, scores = as_arrays([[Moment(1.0, 2.0, 0.5), Span(4, 3)], []])
    assert spans[0].tolist() == [[1, 2], [4, 3]]
    assert scores[0, 0] == 0.5
    assert np.isnan(scores[0, 1])
    assert np.isnan(spans[1]).all()


@pytest.mark.parametrize("most", [None, 1])
def test_there_is_a_first_column_even_where_all_lists_are_empty(most):
    assert as_arrays([[], []], most)[0].shape == (2, 1, 2)


def test_no_more_than_asked_for_are_taken():
    assert as_arrays([[Moment(0.0, 1.0)] * 5], most=2)[0].shape == (1, 2, 2)
