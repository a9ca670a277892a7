import pytest


@pytest.mark.weights
def test_it_keeps_a_quarter_and_starts_as_the_mean(on_bikes):
    numbers = on_bikes("timesuite").numbers
    assert numbers["tokens_after"] == numbers["tokens_before"] / 4
    assert numbers["shuffle_off_the_mean"] < 1e-6
    assert numbers["code_at_start"] == 0
