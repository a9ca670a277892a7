import torch

from vtk_notebooks.blocks.grounding.vocabulary import vocabulary


def test_equal_words_have_one_number_and_words_that_do_not_exist_are_none():
    text = torch.eye(4)[torch.tensor([[2, 0, 3], [0, 2, 1]])]
    said = torch.tensor([[True, True, False], [True, True, True]])
    number, first = vocabulary(text, said)
    assert len(first) == 3
    assert number[0, 0] == number[1, 1]
    assert number[0, 1] == number[1, 0]
    assert torch.equal(text.flatten(0, 1)[first][number[said]], text[said])
