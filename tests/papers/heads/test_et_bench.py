import pytest


@pytest.mark.weights
def test_two_tokens_point_at_both_ends_of_moments_they_have_not_seen(on_bikes):
    numbers = on_bikes("et_bench").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.2
    assert numbers["tvg_f1_percent"] > 70
    assert numbers["vhd_f1_percent"] > 80
