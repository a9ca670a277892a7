import pytest
import torch

from vtk_notebooks.blocks.streaming.neighbours import clip_ends, first_of_twins

AXIS = torch.eye(3)


@pytest.mark.parametrize(
    ("frames", "alike", "ends"),
    [(2, False, False), (3, False, True), (3, True, False), (15, True, False), (16, True, True)],
)
def test_a_clip_ends_where_it_is_full_or_no_longer_alike_but_not_before_3(frames, alike, ends):
    now = AXIS[0] if alike else AXIS[1]
    assert clip_ends(AXIS[0], now, frames, 3, 16, 0.9) is ends


def test_a_cosine_at_the_cut_ends_a_clip():
    assert clip_ends(AXIS[0], AXIS[0], 3, 3, 16, 1.0)


def test_of_the_two_most_alike_neighbours_the_first_is_named():
    assert first_of_twins(torch.stack([AXIS[0], AXIS[1], AXIS[1] + 0.1, AXIS[2]])) == 1
