"""The multi-event loss, as its released code computes it."""

import pytest
import torch

from vtk_notebooks.objectives.multi_event import MultiEventLoss


@pytest.mark.parametrize(("name", "disjoint"), [("balanced", False), ("unbalanced", True)])
def test_both_sides_of_the_loss_are_those_of_the_authors_code(oracle, name, disjoint):
    case = oracle("reference_values/mevtr.json")
    similarity, true = torch.tensor(case["sim"]), torch.tensor(case["mask"]).bool()
    terms = MultiEventLoss(disjoint=disjoint)(similarity, true)
    assert terms["v2t"].item() == pytest.approx(case[f"{name}_video_side"], rel=1e-6)
    assert terms["t2v"].item() == pytest.approx(case[name], rel=1e-6)
