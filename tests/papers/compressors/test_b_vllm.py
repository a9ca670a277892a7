import pytest


@pytest.mark.weights
def test_slots_choose_frames_alike_ones_merge_and_the_rest_shares_576_tokens(on_bikes):
    numbers = on_bikes("b_vllm").numbers
    assert numbers["frames_chosen"] == 16
    assert 6 <= numbers["frames_left"] < 16  # the film has six shots
    assert numbers["tokens_after"] == numbers["frames_left"] * int(18 / numbers["frames_left"] * 32)
    assert numbers["start_s"] <= 5.0 <= numbers["end_s"]
