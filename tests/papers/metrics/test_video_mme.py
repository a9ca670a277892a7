import pytest


@pytest.mark.weights
def test_the_released_reader_hears_b_in_every_answer_and_so_is_right_one_time_in_four(on_bikes):
    numbers = on_bikes("video_mme").numbers
    assert numbers["overall_percent"] > 50
    assert numbers["overall_as_the_script_reads_percent"] == 25
