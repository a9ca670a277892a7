import pytest


@pytest.mark.weights
def test_a_needle_is_found_at_every_depth_and_four_tries_are_as_easy_as_one(on_bikes):
    numbers = on_bikes("video_niah").numbers
    assert numbers["found_share"] == numbers["circular_share"] == 1
    assert numbers["single_try_share"] == 1
