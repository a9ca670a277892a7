"""Moment-DETR's matching, losses and span arithmetic, as its released code computes them."""

import pytest
import torch

from vtk_notebooks.blocks.grounding.intervals import giou, iou, to_centre, to_ends
from vtk_notebooks.objectives.set_prediction import SetPredictionLoss


@pytest.fixture
def case(oracle):
    return oracle("reference_values/moment_detr_criterion.json")


@pytest.fixture
def loss(case):
    w = case["cost_weights"]
    return SetPredictionLoss(
        float(w["span"]), float(w["giou"]), float(w["cls"]), 1.0, case["eos_coef"], case["margin"]
    )


@pytest.fixture
def said(case):
    truths = [to_ends(torch.tensor(spans)) for spans in case["targets"]]
    return torch.tensor(case["pred_spans_cxw"]), torch.tensor(case["pred_logits"]), truths


def test_proposals_and_truths_are_matched_alike(case, loss, said):
    matches = [[p.tolist(), g.tolist()] for p, g in loss.match(*said)]
    assert matches == case["matched"]


def test_terms_and_total_are_those_of_the_authors_code(case, loss, said):
    terms = loss.of_layer(*said)
    high, low = torch.tensor(case["pos"]), torch.tensor(case["neg"])
    terms["saliency"] = loss.of_pairs(torch.tensor(case["saliency_scores"]), high, low)
    for name, term in terms.items():
        assert term.item() == pytest.approx(case["losses"][f"loss_{name}"], rel=1e-5)
    total = sum(loss.weights[name] * term.item() for name, term in terms.items())
    assert total == pytest.approx(case["total"], rel=1e-5)


def test_default_weights_are_those_of_the_authors_code(loss):
    assert loss == SetPredictionLoss()


def test_span_arithmetic_is_that_of_the_authors_code(oracle):
    case = oracle("reference_values/moment_detr_span_utils.json")
    a, b = torch.tensor(case["spans1"]), torch.tensor(case["spans2"])
    torch.testing.assert_close(iou(a[:, None], b), torch.tensor(case["iou"]))
    torch.testing.assert_close(giou(a[:, None], b), torch.tensor(case["giou"]))
    torch.testing.assert_close(to_centre(a), torch.tensor(case["cxw"]))
    torch.testing.assert_close(to_ends(to_centre(a)), torch.tensor(case["xx"]))
