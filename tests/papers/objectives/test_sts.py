import pytest


@pytest.mark.weights
def test_fourteen_and_thirteen_numbers_are_told_better_than_by_their_mean(on_bikes):
    numbers = on_bikes("sts").numbers
    assert numbers["motion_labels"] == 14
    assert numbers["appearance_labels"] == 13
    assert numbers["motion_loss"] < numbers["motion_loss_of_mean"] / 2
    assert numbers["appearance_loss"] < numbers["appearance_loss_of_mean"] / 2
    assert 0 <= numbers["grid_u_part"] <= 16
    assert 0 <= numbers["grid_u_angle"] <= 8
