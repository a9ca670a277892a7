import math

import pytest


@pytest.mark.weights
def test_the_tower_learns_to_write_what_it_is_shown_and_not_without_seeing_it(on_bikes):
    numbers = on_bikes("cosmo").numbers
    assert numbers["language_at_last"] < numbers["language_at_first"]
    assert numbers["contrast_at_first"] > numbers["contrast_at_last"] > math.log(4) - 1e-3
    assert numbers["written_percent"] > 60
    assert numbers["written_blind_percent"] <= 50
    assert numbers["gate_opened"] > 0.01


@pytest.mark.weights
def test_gates_that_are_open_a_little_lose_no_token(on_bikes):
    numbers = on_bikes("cosmo").numbers
    assert numbers["tokens_after"] == numbers["tokens_before"]
