import pytest


@pytest.mark.weights
def test_it_speaks_once_when_the_cyclist_comes_into_view(on_bikes):
    done = on_bikes("videollm_online")
    [moment] = done.run.moments
    assert 4.0 <= moment.start_s <= 5.44  # in view from 4.2 s to 5.44 s
    assert done.numbers["words_said"] == 2  # "seen", and the end of it


@pytest.mark.weights
def test_what_it_learnt_holds_for_streams_it_was_not_taught_on(on_bikes):
    numbers = on_bikes("videollm_online").numbers
    assert numbers["loss_after"] < 0.1 * numbers["loss_before"]
    assert numbers["held_out_time_diff_s"] < 0.25
    assert numbers["held_out_fluency"] > 0.9
    assert numbers["held_out_lm_correctness"] == 1
