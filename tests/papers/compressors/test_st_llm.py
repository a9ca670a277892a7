import pytest


@pytest.mark.weights
def test_a_quarter_of_the_frames_is_left_and_a_reading_without_drops_costs_nothing(on_bikes):
    numbers = on_bikes("st_llm").numbers
    assert numbers["tokens_after"] == numbers["tokens_before"] / 4
    assert numbers["loss_without_drops"] == pytest.approx(0, abs=1e-6)
    assert 1e-5 < numbers["loss_with_drops"] < 4
    assert numbers["told_before_training"] == 0
