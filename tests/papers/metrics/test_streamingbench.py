import pytest


@pytest.mark.weights
def test_what_appears_is_announced_on_time_and_named(on_bikes):
    numbers = on_bikes("streamingbench").numbers
    assert numbers["on_time_share"] == numbers["right_words_share"] == 1
    assert numbers["right_choice_share"] == 1
