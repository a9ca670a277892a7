import pytest


@pytest.mark.weights
def test_it_packs_a_key_frame_and_a_coarse_grid_per_segment(on_bikes):
    done = on_bikes("grounded_videollm")
    t, h, w = done.run.stages[0].tokens.grid
    fine, coarse = (-(-h // n) * -(-w // n) for n in (2, 4))
    assert done.numbers["tokens_after"] == t // 8 * fine + t * coarse + t // 8 - 1
    assert done.numbers["time_error_s"] <= 10 / 300 + 1e-9  # the film lasts 10 s
