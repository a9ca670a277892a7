import pytest


@pytest.mark.weights
def test_masks_moved_at_test_time_find_planted_moments_far_better_than_blind_answers(on_bikes):
    numbers = on_bikes("zerota").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.3


@pytest.mark.weights
def test_several_moments_are_told_with_phrases_of_their_own(on_bikes):
    numbers = on_bikes("zerota").numbers
    assert 1 <= numbers["phrases_told"] <= numbers["moments_told"] == 4
