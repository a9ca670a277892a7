import pytest


@pytest.mark.weights
def test_a_moment_is_two_words_of_a_hundred_and_half_as_far_off_as_released(on_bikes):
    done = on_bikes("omnivid")
    assert done.run.symbols.count("<time_bin_") == 2
    bound = done.numbers["time_error_bound_s"]
    assert done.numbers["released_error_bound_s"] == pytest.approx(2 * bound + 0.005)


@pytest.mark.weights
def test_a_track_comes_back_within_half_a_word(on_bikes):
    done = on_bikes("omnivid")
    assert done.numbers["track_boxes"] == len(done.run.clip) - 1
    assert done.numbers["box_error_px"] <= 0.5 * max(done.run.clip.frames.shape[1:3]) / 999 + 1e-6
    assert done.numbers["track_time_error_s"] <= done.numbers["time_error_bound_s"] + 1e-9
