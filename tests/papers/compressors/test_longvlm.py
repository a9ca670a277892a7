import pytest


@pytest.mark.weights
def test_a_film_becomes_300_tokens_and_5_of_memory(on_bikes):
    numbers = on_bikes("longvlm").numbers
    assert numbers["tokens_after"] == 305
    assert numbers["memory_tokens"] == 5
