import pytest


@pytest.mark.weights
def test_four_passes_of_8_frames_and_a_slowest_pair_that_turns_four_times_slower(on_bikes):
    numbers = on_bikes("intp").numbers
    assert numbers["passes"] == 4
    assert numbers["fastest_pair_slower_by"] == 1
    assert numbers["slowest_pair_slower_by"] == pytest.approx(4)
    assert numbers["tokens_after"] == numbers["tokens_before"]
