import pytest


@pytest.mark.weights
def test_memory_and_last_scene_are_read_and_needles_are_scored_by_depth(on_bikes):
    numbers = on_bikes("videollamb").numbers
    assert 32 < numbers["tokens_after"] <= 32 + 8 * 144 < numbers["tokens_before"]
    assert 1 <= numbers["scenes"] <= 16
    assert numbers["scenes_so_far"] >= 2  # a scene is cut after 16 frames at the latest
    assert (numbers["needle_score_first_frame"], numbers["needle_score_last_frame"]) == (1, 10)
    assert numbers["needle_score"] == 5.5
