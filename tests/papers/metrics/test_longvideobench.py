import pytest


@pytest.mark.weights
def test_subtitles_without_a_frame_are_not_read(on_bikes):
    numbers = on_bikes("longvideobench").numbers
    assert 0 < numbers["subtitles_read"] < numbers["subtitles"] == 6
    assert numbers["prompt_items"] == numbers["frames"] + numbers["subtitles_read"] + 1 + 4
