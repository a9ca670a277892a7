import pytest


@pytest.mark.weights
def test_what_and_when_are_found_and_where_is_honest_about_the_whole_frame(on_bikes):
    numbers = on_bikes("v_star").numbers
    assert numbers["acc"] == 1
    assert numbers["chain_1_m_tiou"] > 0.5
    assert numbers["whole_frame_m_viou"] == pytest.approx((128 / 224) ** 2)
    assert numbers["mlgm"] >= numbers["mam"]
