import pytest


@pytest.mark.weights
def test_six_shots_have_few_static_frames_and_the_best_thought_is_of_the_cyclist(on_bikes):
    numbers = on_bikes("tdc").numbers
    assert 6 <= numbers["static_frames"] <= 10
    assert numbers["thought_start_s"] < 5.44
    assert numbers["thought_end_s"] > 4.2
