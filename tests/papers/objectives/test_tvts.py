import pytest


@pytest.mark.weights
def test_it_learns_to_sort_what_is_said_by_what_is_seen(on_bikes):
    numbers = on_bikes("tvts").numbers
    assert numbers["loss_at_last"] < numbers["loss_at_first"]
    assert numbers["sorted_percent"] > numbers["sorted_blind_percent"] + 10
    assert numbers["sorted_blind_percent"] == pytest.approx(numbers["chance_percent"], abs=10)
