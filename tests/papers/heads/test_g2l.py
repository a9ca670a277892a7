import pytest


@pytest.mark.weights
def test_a_map_that_learned_this_way_beats_blind_answers(on_bikes):
    numbers = on_bikes("g2l").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.1
