import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import ShapeError
from vtk_notebooks.objectives.appearance_statistics import (
    AppearanceStatistics,
    likeness,
    octants,
    usual_colour,
)

STS = AppearanceStatistics()
RED, BLUE = (200, 10, 10), (10, 10, 200)


def changing(cell, t=4, side=64):
    """Red, but for one cell of the grid that turns blue half way."""
    frames = np.full((t, side, side, 3), RED, dtype=np.uint8)
    y, x = (16 * k for k in divmod(cell, 4))
    frames[t // 2 :, y : y + 16, x : x + 16] = BLUE
    return frames


def named(frames):
    return dict(zip(STS.names, STS.labels(frames).tolist(), strict=True))


def test_there_are_thirteen_labels():  # as in the paper
    assert len(STS.names) == 13
    assert len(set(STS.names)) == 13


@given(cell=st.integers(0, 15))
def test_the_cell_that_changes_is_the_most_diverse(cell):
    labels = named(changing(cell))
    assert labels["grid_diverse_part"] == cell + 1
    assert labels["grid_steady_part"] == (2 if cell == 0 else 1)  # of equals the first
    assert labels["grid_steady_colour"] == labels["colour"] == 5  # red: 4, counted from 1


def test_a_film_that_stands_still_is_steady_everywhere():
    labels = named(np.full((3, 16, 16, 3), BLUE, dtype=np.uint8))
    assert labels["grid_diverse_part"] == labels["grid_steady_part"] == 1
    assert labels["colour"] == 2


def test_octants_are_numbered_by_red_green_and_blue():
    corners = np.array([[255 * (k >> 2 & 1), 255 * (k >> 1 & 1), 255 * (k & 1)] for k in range(8)])
    assert octants(corners.astype(np.uint8)).tolist() == list(range(8))
    assert octants(np.array([[127, 128, 127]], dtype=np.uint8)).tolist() == [2]


def test_the_usual_colour_is_that_of_one_value_and_not_of_the_fullest_octant():
    dark = [(k, 0, 0) for k in range(9)]  # nine values of one octant
    pixels = np.array([[*dark, RED, RED]], dtype=np.uint8)
    assert usual_colour(pixels) == 5


@given(seed=st.integers(0, 99), t=st.integers(1, 5))
def test_likeness_is_a_part_and_forgets_the_order_of_frames_and_pixels(seed, t):
    draw = np.random.default_rng(seed)
    octant = draw.integers(0, 8, (t, 30))
    alike = likeness(octant)
    assert 0 <= alike <= 1
    assert likeness(octant[::-1]) == likeness(octant[:, draw.permutation(30)]) == alike
    assert likeness(octant[:1]) == 1


def test_frames_that_share_no_colour_are_not_alike_at_all():
    assert likeness(np.array([[0, 0], [1, 1]])) == 0
    assert likeness(np.array([[0, 0], [0, 1]])) == pytest.approx(1 / 3)


def test_perfect_guesses_cost_nothing_and_gradients_reach_the_others():
    labels = torch.from_numpy(STS.labels(changing(7)))[None].float()
    assert STS(labels, labels)["total"] == 0
    guess = (labels + 2 * torch.eye(13)[:1]).requires_grad_()
    terms = AppearanceStatistics(weight=3)(guess, labels)
    assert terms["appearance"].item() == pytest.approx(4 / 13)
    torch.testing.assert_close(terms["total"], 3 * terms["appearance"])
    terms["total"].backward()
    assert guess.grad is not None
    assert guess.grad[0].nonzero().flatten().tolist() == [0]


def test_too_few_numbers_are_refused():
    with pytest.raises(ShapeError, match="13 numbers"):
        STS(torch.zeros(1, 14), torch.zeros(1, 14))
