import pytest
import torch

from vtk_notebooks.blocks.grounding.soft_spans import soft_span
from vtk_notebooks.objectives.soft_iou import SoftIoU


def test_masks_apart_cost_nothing_and_one_mask_twice_costs_the_weight():
    apart = torch.tensor([[1.0, 1, 0, 0], [0, 0, 1, 1]])
    assert SoftIoU()(apart)["total"] == 0
    assert SoftIoU(weight=0.5)(apart[:1].repeat(3, 1))["total"] == 0.5


def test_a_single_mask_has_nobody_to_overlap_with():
    mask = torch.ones(1, 4, requires_grad=True)
    SoftIoU()(mask)["total"].backward()
    assert mask.grad is not None
    assert not mask.grad.any()


def test_following_its_gradient_pushes_overlapping_moments_apart():
    centre = torch.tensor([0.45, 0.55], requires_grad=True)
    at = torch.linspace(0, 1, 40)
    cost = SoftIoU()(soft_span(centre, torch.full((2,), 0.3), at, 40.0))["total"]
    cost.backward()
    assert cost.item() == pytest.approx(0.5, abs=0.05)
    assert centre.grad is not None
    assert centre.grad[0] > 0 > centre.grad[1]  # downhill is to the left and to the right
