import pytest

from vtk_notebooks import Moment
from vtk_notebooks.blind import (
    BLIND,
    equal_parts,
    first_seconds,
    middle_third,
    prior_span,
    whole_film,
)
from vtk_notebooks.errors import VtkError


def test_blind_answers_are_what_they_say():
    assert whole_film(30.0) == Moment(0.0, 30.0)
    assert middle_third(30.0) == Moment(10.0, 20.0)
    assert first_seconds(30.0) == Moment(0.0, 8.0)
    assert first_seconds(3.0) == Moment(0.0, 3.0)


def test_the_prior_is_the_median_of_the_training_set_in_parts_of_a_film():
    truths = [Moment(0.0, 5.0), Moment(10.0, 60.0), Moment(4.0, 18.0)]
    answer = prior_span(truths, [10.0, 100.0, 20.0])
    assert answer(50.0) == Moment(0.1 * 50, 0.6 * 50)


@pytest.mark.parametrize("name", BLIND)
def test_it_lies_in_any_film(name):
    for duration_s in (0.1, 7.0, 8.0, 3600.0):
        assert BLIND[name](duration_s).end_s <= duration_s


def test_a_prior_of_nothing_is_refused():
    with pytest.raises(VtkError, match="as many durations"):
        prior_span([], [])


def test_equal_parts_tile_the_film():
    assert equal_parts(30, 3) == [Moment(0.0, 10.0), Moment(10.0, 20.0), Moment(20.0, 30.0)]
    with pytest.raises(VtkError, match="one or more parts"):
        equal_parts(30, 0)
