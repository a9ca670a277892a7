import pytest


@pytest.mark.weights
def test_times_are_read_off_packed_words_within_half_a_frame_and_half_a_word(on_bikes):
    done = on_bikes("llava_st")
    assert done.numbers["word_off_s"] <= (10 / 32 + 10 / 100) / 2  # 10 s, 32 frames, 100 words
    assert done.run.symbols.count("<TEMP-") == 2
