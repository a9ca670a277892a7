"""UniVTG's losses, as its released criterion computes them."""

import pytest
import torch

from vtk_notebooks.blocks.grounding.joint_encoder import AttentivePool
from vtk_notebooks.blocks.grounding.labels import Labels
from vtk_notebooks.objectives.univtg import UniVTGLoss


@pytest.fixture
def case(oracle):
    return oracle("reference_values/univtg_criterion.json")


@pytest.fixture
def terms(case):
    span = torch.tensor(case["timestamp"]) + torch.tensor(case["pred_spans_offset"])
    labels = Labels(
        torch.tensor(case["window"]).bool(),
        torch.tensor(case["span_labels_nn"]),
        torch.tensor(case["saliency"]),
    )
    return UniVTGLoss(background=case["eos_coef"], tau=case["tau"])(
        torch.tensor(case["pred_prob"])[..., 0],
        span,
        torch.tensor(case["vid"]),
        torch.tensor(case["txt"])[:, 0],
        labels,
        torch.tensor(case["mask"]).bool(),
        torch.tensor(case["pos"])[:, 0],
    )


@pytest.mark.parametrize("name", ["f", "b", "g", "s_inter", "s_intra"])
def test_a_term_is_that_of_the_authors_code(name, case, terms):
    assert terms[name].item() == pytest.approx(case["losses"][f"loss_{name}"], rel=1e-5)


def test_default_weights_are_those_for_qvhighlights(case):
    loss = UniVTGLoss()
    ours = {f"loss_{k}": getattr(loss, k) for k in ("b", "g", "f", "s_intra", "s_inter")}
    assert ours == case["weights_qvhl_default"]


def test_attentive_pooling_is_that_of_the_authors_code(case):
    given = case["weightedpool"]
    pool = AttentivePool(5)
    with torch.no_grad():
        pool.weight.copy_(torch.tensor(given["weight"])[:, 0])
    out = pool(torch.tensor(given["x"]), torch.tensor(given["mask"]).bool())
    torch.testing.assert_close(out, torch.tensor(given["out"]))
