import pytest


@pytest.mark.weights
def test_no_token_is_lost_and_four_fifths_are_bit_for_bit_what_they_were(on_bikes):
    numbers = on_bikes("videollm_mod").numbers
    assert numbers["tokens_after"] == numbers["tokens_before"]
    assert numbers["untouched_percent"] == pytest.approx(100 - numbers["computed_percent"])
    assert numbers["computed_percent"] == pytest.approx(20, abs=0.5)
    assert numbers["token_layers_saved_percent"] == pytest.approx(40, abs=0.5)
