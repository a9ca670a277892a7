import pytest


@pytest.mark.weights
def test_the_key_frame_is_whole_and_a_third_of_the_film_is_left(on_bikes):
    numbers = on_bikes("evad").numbers
    assert numbers["key_frame_kept_percent"] == pytest.approx(100)
    assert numbers["other_frames_kept_percent"] < 34.5
    assert numbers["tokens_after"] == pytest.approx(0.343 * numbers["tokens_before"], abs=3)
    assert numbers["misplaced_as_released_percent"] > 90
