import pytest


@pytest.mark.weights
def test_only_the_film_that_gets_there_completes_its_transition(on_bikes):
    numbers = on_bikes("tc_bench").numbers
    assert numbers["told_tcr_percent"] == 100
    assert numbers["told_score"] == 1
    assert numbers["half_tcr_percent"] == numbers["frozen_tcr_percent"] == 0
    assert 0 < numbers["frozen_score"] < 1
