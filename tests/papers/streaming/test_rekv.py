import pytest


@pytest.mark.weights
def test_a_quarter_of_the_frames_is_fetched_and_all_fit_better_than_the_others(on_bikes):
    numbers = on_bikes("rekv").numbers
    assert numbers["frames_fetched"] == 8
    assert numbers["tokens_after"] * 4 == numbers["tokens_before"]
    assert numbers["fit_of_fetched_sigmas"] > 0.5 > 0 > numbers["fit_of_others_sigmas"]
