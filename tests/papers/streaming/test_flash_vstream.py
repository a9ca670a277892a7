import pytest


@pytest.mark.weights
def test_681_tokens_take_less_memory_than_the_film(on_bikes):
    numbers = on_bikes("flash_vstream").numbers
    assert numbers["tokens_after"] == 681 < numbers["tokens_before"]
    assert numbers["held_mb"] < numbers["film_mb"]
    assert numbers["frames_spoken_for"] == 32  # the centres take each frame in
