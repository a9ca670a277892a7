import pytest


@pytest.mark.weights
def test_a_head_that_learned_with_it_beats_blind_answers(on_bikes):
    numbers = on_bikes("vdi").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.3


@pytest.mark.weights
def test_only_a_film_that_moves_has_dynamics(on_bikes):
    numbers = on_bikes("vdi").numbers
    assert numbers["dynamics"] > numbers["dynamics_still"] == 0
    assert (numbers["static_words"], numbers["dynamic_words"]) == (2, 1)  # person, bicycle; riding
