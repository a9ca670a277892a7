import re

import pytest


@pytest.mark.weights
def test_256_slots_are_left_and_times_are_six_words(on_bikes):
    done = on_bikes("vtg_llm")
    assert done.numbers["tokens_after"] == 256
    assert len(re.findall("<TIME_[A-Z]+>", done.run.symbols)) == 12
    assert done.numbers["time_error_bound_s"] == pytest.approx(0.05)


@pytest.mark.weights
def test_what_frames_are_told_is_read_off_the_slots(on_bikes):
    numbers = on_bikes("vtg_llm").numbers
    assert numbers["read_off_by_s"] < 1e-3
    assert numbers["slot_spread_s"] > 0.5
