from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.vnbench import VNBench, circular

ANSWERS = [0, 1, 2, 3]
ALL = ["A", "B", "C", "D"]


def film(name, task, said):
    """Four tries of one sample."""
    return said, ANSWERS, [name] * 4, [task] * 4


def together(*films):
    return tuple(list(chain(*column)) for column in zip(*films, strict=True))


TWO = together(film("one", "ret_insert1", ALL), film("two", "cnt_edit1", ["A", "B", "C", "A"]))


def test_a_sample_counts_only_when_all_four_tries_are_right():
    numbers = VNBench()(*TWO)
    assert (numbers["ret_insert1"], numbers["cnt_edit1"]) == (1, 0)
    assert (numbers["Overall"], numbers["single try"]) == (0.5, 7 / 8)


def test_the_overall_number_is_the_mean_of_the_means_of_kinds():
    films = [film(f"ret {i}", f"ret_{task}", ALL) for i, task in enumerate(["edit1", "insert1"])]
    films += [film("late", "ret_edit1", ["A"] * 4), film("count", "cnt_edit1", ["A"] * 4)]
    numbers = VNBench()(*together(*films))
    assert (numbers["ret"], numbers["cnt"]) == ((0.5 + 1) / 2, 0)
    assert numbers["Overall"] == (0.75 + 0) / 2


@pytest.mark.parametrize("letter", ALL)
def test_who_always_says_the_same_letter_gets_nothing(letter):
    numbers = VNBench()(*film("one", "ord_edit1", [letter] * 4))
    assert (numbers["Overall"], numbers["single try"]) == (0, 0.25)


@given(order=st.permutations(range(8)))
def test_the_order_of_tries_and_samples_does_not_matter(order):
    shuffled = [[column[i] for i in order] for column in TWO]
    assert VNBench()(*shuffled) == VNBench()(*TWO)


def test_a_missing_try_is_a_wrong_one_and_a_repeated_try_makes_up_for_nothing():
    assert circular([1, 1, 1], ["one"] * 3).tolist() == [0]
    assert circular([1, 1, 1, 1, 0], ["one"] * 5).tolist() == [0]
    assert circular([1, 1, 1], ["one"] * 3, tries=3).tolist() == [1]


def test_the_script_swaps_two_names_and_the_overall_number_does_not_notice():
    films = together(film("a", "ret_insert1", ALL), film("b", "ret_insert2", ["A"] * 4))
    strict, upstream = VNBench()(*films), VNBench(mode="upstream")(*films)
    assert (strict["ret_insert1"], strict["ret_insert2"]) == (1, 0)
    assert (upstream["ret_insert1"], upstream["ret_insert2"]) == (0, 1)
    assert strict["Overall"] == upstream["Overall"]


def test_the_script_reads_the_first_character_only():
    said = film("one", "ret_edit1", ["(A)", "Answer: B", "C.", "D"])
    strict, upstream = VNBench()(*said), VNBench(mode="upstream")(*said)
    assert (strict["single try"], strict["unread"]) == (1, 0)
    assert (upstream["single try"], upstream["unread"]) == (0.5, 0.25)  # "(" is none, "A" is A


def test_the_script_demands_four_tries_of_each_sample():
    with pytest.raises(VtkError, match="4 tries of each sample"):
        VNBench(mode="upstream")(ALL[:3], ANSWERS[:3], ["one"] * 3, ["ret_edit1"] * 3)


@pytest.mark.parametrize("tasks", [["ret_edit1"] * 3, ["ret_edit1"] * 3 + ["ord_edit1"]])
def test_a_sample_of_two_tasks_or_none_is_refused(tasks):
    with pytest.raises(VtkError, match="one task for each sample"):
        VNBench()(ALL, ANSWERS, ["one"] * 4, tasks)
