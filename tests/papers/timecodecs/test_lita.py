import pytest


@pytest.mark.weights
def test_it_shows_every_frame_once_and_four_frames_in_detail(on_bikes):
    done = on_bikes("lita")
    t, h, w = done.run.stages[0].tokens.grid
    assert done.numbers["tokens_after"] == t + 4 * -(-h // 2) * -(-w // 2)
    assert done.run.symbols.count("<t") == 2
