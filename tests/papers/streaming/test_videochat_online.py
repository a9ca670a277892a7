import pytest


@pytest.mark.weights
def test_full_banks_speak_for_half_of_the_frames(on_bikes):
    numbers = on_bikes("videochat_online").numbers
    assert [numbers[f"bank_{i}_frames"] for i in range(3)] == [4, 4, 8]
    assert numbers["frames_spoken_for"] == 16
    assert numbers["tokens_after"] < numbers["tokens_before"] / 4
