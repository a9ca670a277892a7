import pytest


@pytest.mark.weights
def test_six_frames_cost_as_much_as_one(on_bikes):
    numbers = on_bikes("ig_vlm").numbers
    assert numbers["tokens_after"] == numbers["tokens_before"] / 32


@pytest.mark.weights
def test_a_picture_of_four_frames_shows_a_small_model_when_the_cyclist_is_there(on_bikes):
    assert 4.2 <= on_bikes("ig_vlm").numbers["found_in_4_s"] < 5.44
