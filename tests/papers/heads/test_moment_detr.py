import pytest


@pytest.mark.weights
def test_its_queries_find_planted_moments_far_better_than_blind_answers(on_bikes):
    numbers = on_bikes("moment_detr").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.3
