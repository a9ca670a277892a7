import pytest


@pytest.mark.weights
def test_the_questions_frame_shows_the_cyclist_and_three_paths_say_when(on_bikes):
    numbers = on_bikes("free_video_llm").numbers
    assert 4.2 <= numbers["best_frame_s"] < 5.44
    assert numbers["crop_left"] == pytest.approx(0.8, abs=0.05)
    assert numbers["tokens_after"] < 0.2 * numbers["tokens_before"]
