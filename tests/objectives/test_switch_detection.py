import math

import pytest
import torch

from vtk_notebooks.objectives.switch_detection import SwitchDetection


def test_an_even_chance_costs_the_logarithm_of_two():
    other, known = torch.tensor([[True, False]]), torch.tensor([[True, True]])
    loss = SwitchDetection()(torch.zeros(1, 2), other, known)
    assert loss.item() == pytest.approx(math.log(2))


def test_a_right_decision_costs_nothing_and_a_wrong_one_its_logit():
    other, known = torch.tensor([[True, False]]), torch.tensor([[True, True]])
    right = torch.tensor([[50.0, -50.0]])
    assert SwitchDetection()(right, other, known).item() == pytest.approx(0, abs=1e-6)
    assert SwitchDetection()(-right, other, known).item() == pytest.approx(50)


def test_only_decisions_that_had_something_to_judge_count():
    logits = torch.tensor([[1.0, -3.0]], requires_grad=True)
    other = torch.tensor([[True, True]])
    loss = SwitchDetection()(logits, other, torch.tensor([[True, False]]))
    (by,) = torch.autograd.grad(loss, logits)
    assert by[0, 0] < 0 == by[0, 1]
    assert SwitchDetection()(logits, other, other & False).item() == 0
