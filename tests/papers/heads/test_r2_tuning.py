import pytest


@pytest.mark.weights
def test_its_points_find_planted_moments_far_better_than_blind_answers(on_bikes):
    numbers = on_bikes("r2_tuning").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.3


@pytest.mark.weights
def test_the_film_that_was_asked_for_is_told_from_eight(on_bikes):
    assert on_bikes("r2_tuning").numbers["films_told_apart"] >= 0.75
