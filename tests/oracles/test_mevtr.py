"""The multi-event loss, as its released code computes it."""

import numpy as np
import pytest
import torch

from vtk_notebooks.metrics.retrieval.multi_event import MultiEvent
from vtk_notebooks.objectives.multi_event import MultiEventLoss


@pytest.mark.parametrize(("name", "disjoint"), [("balanced", False), ("unbalanced", True)])
def test_both_sides_of_the_loss_are_those_of_the_authors_code(oracle, name, disjoint):
    case = oracle("reference_values/mevtr.json")
    similarity, true = torch.tensor(case["sim"]), torch.tensor(case["mask"]).bool()
    terms = MultiEventLoss(disjoint=disjoint)(similarity, true)
    assert terms["v2t"].item() == pytest.approx(case[f"{name}_video_side"], rel=1e-6)
    assert terms["t2v"].item() == pytest.approx(case[name], rel=1e-6)


@pytest.mark.parametrize("side", ["t2v", "v2t"])
def test_every_rank_and_share_is_that_of_the_authors_script(oracle, side):
    case = oracle("reference_values/mevtr.json")
    scores = MultiEvent()(np.array(case["sim"]), np.array(case["mask"]) > 0)
    for name, value in case[side].items():
        ours = name.replace("hit_ratio_", "hit@").replace("best_", "best@")
        assert scores[f"{side} {ours.replace('worst_', 'worst@')}"] == pytest.approx(value), name
