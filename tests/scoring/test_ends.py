"""How questions ended: every one in exactly one way, and scenes only where shots are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.moments.misses import KINDS, Misses
from vtk_notebooks.moment import Moment
from vtk_notebooks.scoring import ENDS, SCENE_ENDS, ends

TRUE = Moment(4.0, 6.0)


def ended(said, cuts_s=None, true=TRUE):
    table = Misses().table([[] if said is None else [Moment(*said)]], [[true]])
    return SCENE_ENDS[ends(table, None if cuts_s is None else [cuts_s])[0]]


@pytest.mark.parametrize("cuts_s", [None, (), (20.0,)])
def test_without_a_shot_between_there_are_seven_ends(cuts_s):
    said = (4.0, 6.5), (0.0, 9.0), (4.5, 5.0), (1.0, 4.5), (5.5, 9.0), (7.0, 9.0), None
    assert tuple(ended(span, cuts_s) for span in said) == ENDS


def test_an_answer_that_shares_no_shot_with_the_truth_is_in_the_wrong_scene():
    assert ended((7.0, 9.0), (6.5,)) == "wrong scene"
    assert ended((1.0, 2.0), (3.0, 8.0)) == "wrong scene"
    assert ended((7.0, 9.0), (8.0,)) == "elsewhere"  # it begins in the truth's shot
    assert ended((7.0, 9.0), (5.0, 8.0)) == "elsewhere"  # so does the truth's second one


def test_a_stretch_that_ends_at_a_cut_is_not_in_the_shot_after_it():
    assert ended((6.0, 9.0), (6.0,)) == "wrong scene"
    assert ended((1.0, 4.0), (4.0,)) == "wrong scene"


def test_what_touches_the_truth_is_in_its_scene_and_no_answer_is_in_none():
    assert ended((1.0, 4.5), (4.2, 4.4)) == "early"
    assert ended(None, (1.0, 5.0)) == "not found"


@given(
    said=st.lists(st.integers(0, 20), min_size=2, max_size=2, unique=True),
    cuts_s=st.lists(st.integers(0, 20).map(float), max_size=4),
)
def test_shots_divide_what_is_elsewhere_and_nothing_else(said, cuts_s):
    start_s, end_s = map(float, sorted(said))
    span = (start_s, end_s)
    plain, fine = ended(span), ended(span, cuts_s)
    assert fine == plain or (plain, fine) == ("elsewhere", "wrong scene")
    table = Misses().table([[Moment(start_s, end_s)]], [[TRUE]])
    place = KINDS[table.kind[0]]
    assert fine == place or place == "wrong place"


def test_cuts_are_needed_for_every_question():
    table = Misses().table([[], []], [[TRUE], [TRUE]])
    with pytest.raises(VtkError, match="cuts for 1 of 2 questions"):
        ends(table, [[1.0]])
