import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.frame_parts import frame_parts
from vtk_notebooks.errors import ShapeError
from vtk_notebooks.objectives.motion_statistics import (
    MotionStatistics,
    motion_boundaries,
    part_and_direction,
)

STS = MotionStatistics()


def moving(cell, axis=0, n=3, side=64, speed=2.0):
    """Flow in the middle of one cell of the grid, everything else at rest."""
    flow = np.zeros((n, side, side, 2))
    y, x = (16 * k + 4 for k in divmod(cell, 4))
    flow[:, y : y + 8, x : x + 8, axis] = speed
    return flow


def named(flow):
    return dict(zip(STS.names, STS.labels(flow).tolist(), strict=True))


def test_there_are_fourteen_labels():  # as in the paper
    assert len(STS.names) == 14
    assert len(set(STS.names)) == 14


@given(cell=st.integers(0, 15))
def test_motion_in_a_cell_gives_its_number(cell):
    assert named(moving(cell))["grid_u_part"] == cell + 1
    assert named(moving(cell, axis=1))["grid_v_part"] == cell + 1
    assert named(moving(cell, axis=1))["grid_u_part"] == 0


@given(cell=st.integers(0, 15))
def test_a_mirrored_clip_has_its_cells_mirrored(cell):
    row, column = divmod(cell, 4)
    flipped = moving(cell)[:, :, ::-1].copy()
    assert named(flipped)["grid_u_part"] == 4 * row + (3 - column) + 1


def test_nothing_moves_and_everything_moves_alike_are_both_at_rest():
    assert (STS.labels(np.zeros((3, 32, 32, 2))) == 0).all()
    assert (STS.labels(np.full((3, 32, 32, 2), 5.0)) == 0).all()  # a moving camera


@pytest.mark.parametrize("turn", range(8))
def test_the_angle_of_an_edge_is_its_direction(turn):
    angle = turn * np.pi / 4
    edge = np.zeros((16, 16, 2))
    edge[5, 5] = np.cos(angle), np.sin(angle)
    assert part_and_direction(edge, frame_parts("grid", 16, 16)) == (6, turn + 1)


def test_a_size_is_shared_by_the_directions_around_its_angle():
    edge = np.zeros((16, 16, 2))
    edge[4, 4] = np.cos(0.6 * np.pi / 4), np.sin(0.6 * np.pi / 4)  # 0.4 and 0.6
    edge[4, 5] = 0.3 * np.array([1.0, 0.0])
    assert part_and_direction(edge, frame_parts("grid", 16, 16)) == (6, 1)  # 0.7 and 0.6
    edge[4, 5] = 0.1 * np.array([1.0, 0.0])
    assert part_and_direction(edge, frame_parts("grid", 16, 16)) == (6, 2)  # 0.5 and 0.6


def test_large_parts_win_by_their_mean_and_not_by_their_sum():
    edge = np.ones((64, 64, 2))
    edge[24:40, 24:40] = 2.0  # the innermost ring is the smallest
    assert part_and_direction(edge, frame_parts("rings", 64, 64))[0] == 4


def test_the_frame_with_the_largest_change_is_counted_from_one():
    flow = moving(5)
    flow[2] *= 3
    assert named(flow)["u_frame"] == 3
    assert named(flow)["v_frame"] == 0


def test_boundaries_are_prewitts_gradients():
    flow = np.zeros((1, 5, 5))
    flow[0, :, 3:] = 1.0
    edge = motion_boundaries(flow)
    assert edge[0, 2, 2].tolist() == [3.0, 0.0]
    assert motion_boundaries(flow.swapaxes(1, 2))[0, 2, 2].tolist() == [0.0, 3.0]


def test_perfect_guesses_cost_nothing_and_gradients_reach_the_others():
    labels = torch.from_numpy(STS.labels(moving(3)))[None].float()
    assert STS(labels, labels)["total"] == 0
    guess = (labels + torch.eye(14)[:1]).requires_grad_()
    terms = MotionStatistics(weight=2)(guess, labels)
    assert terms["motion"].item() == pytest.approx(1 / 14)
    assert terms["total"] == 2 * terms["motion"]
    terms["total"].backward()
    assert guess.grad is not None
    assert guess.grad[0].nonzero().flatten().tolist() == [0]


def test_too_few_numbers_are_refused():
    with pytest.raises(ShapeError, match="14 numbers"):
        STS(torch.zeros(1, 13), torch.zeros(1, 13))
