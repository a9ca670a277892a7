import pytest


@pytest.mark.weights
def test_two_clips_are_read_and_most_of_them_is_their_own(on_bikes):
    numbers = on_bikes("video_streaming").numbers
    assert numbers["clips_read"] == 2
    assert 0 < numbers["heard_from_before_percent"] < 50
    assert numbers["tokens_after"] < numbers["tokens_before"] / 16
