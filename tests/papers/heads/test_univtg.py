import pytest


@pytest.mark.weights
def test_it_learns_to_find_moments_it_has_not_seen(on_bikes):
    assert on_bikes("univtg").numbers["planted_tiou"] > 0.6
