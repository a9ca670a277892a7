import torch

from vtk_notebooks.blocks.positions import sinusoids


def test_the_first_pair_turns_once_in_two_pi_and_later_ones_more_slowly():
    code = sinusoids(torch.tensor([0.0, 1.0]), 4)
    expected = torch.tensor([[0, 0, 1, 1], [1.0, 0.01, 0, 0]])
    expected[1] = torch.tensor([1.0, 0.01, 1.0, 0.01])
    expected[1, :2], expected[1, 2:] = expected[1, :2].sin(), expected[1, 2:].cos()
    torch.testing.assert_close(code, expected.float())


def test_places_of_any_shape_get_codes_and_an_odd_width_is_cut():
    assert sinusoids(torch.zeros(2, 3), 5).shape == (2, 3, 5)
