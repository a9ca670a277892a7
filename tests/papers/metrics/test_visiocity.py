import pytest


@pytest.mark.weights
def test_no_reference_beats_the_others_and_the_first_third_falls_short(on_bikes):
    numbers = on_bikes("visiocity").numbers
    assert numbers["references"] >= 2
    assert numbers["reference_maxf1"] == pytest.approx(1, abs=1e-9)
    assert numbers["first_third_shortfall"] > numbers["reference_shortfall"]
