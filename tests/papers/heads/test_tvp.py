import pytest


@pytest.mark.weights
def test_prompts_find_planted_moments_better_than_blind_answers(on_bikes):
    numbers = on_bikes("tvp").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.2


@pytest.mark.weights
def test_a_border_makes_frames_more_like_the_question(on_bikes):
    assert on_bikes("tvp").numbers["cosine_gained"] > 0
