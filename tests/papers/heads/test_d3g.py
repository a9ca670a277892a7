import pytest


@pytest.mark.weights
def test_from_one_glance_each_it_learns_more_than_blind_answers_know(on_bikes):
    numbers = on_bikes("d3g").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.1
