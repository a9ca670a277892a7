import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.statistics.groups import by_group, macro
from vtk_notebooks.statistics.intervals import wilson

RIGHT = [1, 1, 1, 0, 1, 0]
TASK = ["a", "a", "a", "a", "b", "c"]
KIND = ["x", "x", "x", "x", "x", "y"]
ITEMS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from("abc"), st.sampled_from("xy")), min_size=1
)


def test_each_group_has_its_mean_count_and_wilson_interval():
    found = by_group(RIGHT, TASK, scale=100)
    assert found == {"a": 75, "b": 100, "c": 0}
    assert [e.n for e in found.values()] == [4, 1, 1]
    assert found["a"].interval == pytest.approx([100 * end for end in wilson(3, 4)])


def test_clusters_within_a_group_stand_or_fall_together():
    films = ["one"] * 2 + ["two"] * 2
    found = by_group([1, 1, 0, 0], ["a"] * 4, films)["a"]
    assert found.interval == (0, 1)


def test_a_macro_average_asks_each_group_once_however_large():
    assert macro(RIGHT, TASK) == pytest.approx((0.75 + 1 + 0) / 3)


def test_means_of_means_follow_the_nesting():
    assert macro(RIGHT, TASK, KIND) == pytest.approx(((0.75 + 1) / 2 + 0) / 2)
    assert macro(RIGHT, TASK, KIND, scale=100) == pytest.approx(43.75)


def test_nesting_may_be_deeper():
    parts, fields = ["p", "p", "q"], ["f", "f", "f"]
    right, tasks, kinds = [1, 0, 1], ["a", "b", "c"], ["x", "y", "z"]
    assert macro(right, tasks, kinds, parts) == pytest.approx((0.5 + 1) / 2)
    assert macro(right, tasks, kinds, parts, fields) == macro(right, tasks, kinds, parts)


def test_one_name_in_two_parents_is_two_groups():
    assert macro([1, 0, 0], ["a", "a", "b"], ["x", "y", "y"]) == pytest.approx(0.5)


def test_what_is_not_a_number_is_left_out_and_so_is_a_group_of_nothing_else():
    values = [1, np.nan, 0, np.nan]
    groups = ["a", "a", "b", "c"]
    assert by_group(values, groups) == {"a": 1, "b": 0}
    assert (macro(values, groups), macro(values, groups).n) == (0.5, 2)
    assert np.isnan(macro([np.nan], ["a"]))


@given(items=ITEMS)
def test_with_groups_of_one_size_macro_and_micro_agree(items):
    right, task, kind = map(list, zip(*items, strict=True))
    even = [*right, *right]
    names = ["first"] * len(right) + ["second"] * len(right)
    assert macro(even, names) == pytest.approx(np.mean(right))
    assert 0 <= macro(right, task, kind) <= 1


@given(items=ITEMS)
def test_a_macro_average_is_the_mean_of_the_groups_own(items):
    right, task, _ = map(list, zip(*items, strict=True))
    assert macro(right, task) == pytest.approx(np.mean(list(by_group(right, task).values())))


def test_the_interval_holds_the_value_and_moves_whole_clusters():
    right, films, task = [1] * 20 + [0] * 20, ["one"] * 20 + ["two"] * 20, ["a", "b"] * 20
    alone, together = macro(right, task), macro(right, task, clusters=films)
    assert 0 < alone.low < 0.5 < alone.high < 1
    assert together.interval == (0, 1)


def test_a_resample_that_lacks_a_group_is_averaged_over_those_it_has():
    assert macro([1] * 31, ["a"] * 30 + ["b"]).interval == (1, 1)


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(VtkError, match="a group label for each of 2 items"):
        by_group([1, 0], ["a"])
    with pytest.raises(VtkError, match="one or more lists of labels"):
        macro([1, 0])
