import pytest


@pytest.mark.weights
def test_order_in_time_moves_the_number_of_time_and_no_other(on_bikes):
    numbers = on_bikes("stream_metric").numbers
    assert numbers["itself_t"] == pytest.approx(1)
    assert numbers["itself_f"] == numbers["itself_d"] == 1
    assert numbers["shuffled_t"] < 0.95
    assert numbers["shuffled_f"] == numbers["shuffled_d"] == 1
