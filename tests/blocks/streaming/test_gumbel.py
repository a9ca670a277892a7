import torch

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.streaming.gumbel import gumbel_topk, straight_through


def test_without_noise_the_best_are_chosen_the_best_first():
    score = torch.tensor([0.1, 0.9, 0.4, 0.7])
    assert gumbel_topk(score, 2, 0, generator(0)).tolist() == [1, 3]
    assert gumbel_topk(score, 9, 0, generator(0)).tolist() == [1, 3, 2, 0]


def test_noise_draws_each_first_as_often_as_softmax_says():
    score, draw = torch.tensor([0.0, 0.5, 1.0]), generator(0)
    first = torch.tensor([int(gumbel_topk(score, 2, 0.5, draw)[0]) for _ in range(4000)])
    often = torch.bincount(first, minlength=3) / 4000
    torch.testing.assert_close(often, (score / 0.5).softmax(0), atol=0.03, rtol=0)


def test_nothing_is_chosen_twice():
    draw = generator(1)
    assert all(len(set(gumbel_topk(torch.zeros(5), 4, 1, draw).tolist())) == 4 for _ in range(50))


def test_the_choice_is_hard_and_its_gradient_that_of_the_softmax():
    score = torch.tensor([0.3, 0.1, 0.8], requires_grad=True)
    value = torch.tensor([1.0, 2.0, 4.0])
    hard = straight_through(score, torch.tensor([2, 0]), 0.5)
    assert hard.tolist() == [1, 0, 1]
    (hard * value).sum().backward()
    soft = (score.detach() / 0.5).softmax(0)
    expected = soft * (value - (soft * value).sum()) / 0.5
    torch.testing.assert_close(score.grad, expected)
