"""D3G's prior, mixture and group contrast, as its released code computes them."""

import pytest
import torch

from vtk_notebooks.blocks.grounding.glances import holds
from vtk_notebooks.blocks.grounding.moment_map import cells
from vtk_notebooks.objectives.glance_gaussian import GlanceGaussian
from vtk_notebooks.objectives.group_contrastive import GroupContrastive


@pytest.fixture
def case(oracle):
    return oracle("reference_values/d3g.json")


def test_moments_weigh_alike(case):
    weight = GlanceGaussian(case["sigma"])(torch.tensor(case["glances"]), case["length"])
    torch.testing.assert_close(weight, torch.tensor(case["gauss2d"]))


def test_the_same_moments_hold_the_glance(case):
    glance = int(case["glance_sec"] / case["duration"] * case["length"])
    assert glance == case["glance_idx"]
    [inside] = holds(torch.tensor([glance]), case["length"])
    assert torch.equal(inside, torch.tensor(case["gmask2d"]).bool())


def test_the_mixture_around_several_centres_is_alike(case):
    counter, alike = (torch.tensor(case["dga"][key]) for key in ("counter", "sims"))
    weight = GlanceGaussian(case["sigma"]).mixture(counter.long(), alike)
    torch.testing.assert_close(weight, torch.tensor(case["dga"]["weight"]))


def test_the_group_contrast_is_that_of_the_authors_code(case):
    given = case["gcl"]
    first, last = cells(6).unbind(1)
    moments = torch.tensor(given["feat2d"])[:, :, first, last].mT
    text, inside, prior = (
        torch.cat([torch.tensor(x) for x in given[key]]) for key in ("sent", "gmask", "weight")
    )
    film = torch.tensor([0, 0, 1])
    loss = GroupContrastive(topk=given["topk"], tau=given["tau"])(
        moments, text, film, inside[:, first, last].bool(), prior[:, first, last]
    )
    assert loss.item() == pytest.approx(given["loss"], rel=1e-5)
