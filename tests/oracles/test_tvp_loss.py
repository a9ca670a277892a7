"""TVP's loss, sample by sample, as transformers computes it."""

import pytest
import torch

from vtk_notebooks.objectives.tdiou import TemporalDistanceIoU


@pytest.fixture
def case(oracle):
    return oracle("reference_values/tvp_loss.json")


@pytest.fixture
def terms(case):
    ends = torch.stack([torch.tensor(case[key]) for key in ("start", "end")], 1)
    truth = ends / torch.tensor(case["duration"])[:, None]
    return TemporalDistanceIoU()(torch.tensor(case["logits"]), truth)


@pytest.mark.parametrize("name", ["iou", "distance", "duration"])
def test_a_term_is_that_of_one_film_at_a_time(name, case, terms):
    expected = torch.tensor(case["losses_one_by_one"][name])
    torch.testing.assert_close(terms[name], expected, atol=1e-6, rtol=1e-5)


def test_the_total_is_theirs(case, terms):
    weights = TemporalDistanceIoU().weights
    total = torch.stack([weights[name] * term for name, term in terms.items()]).sum(0)
    torch.testing.assert_close(total, torch.tensor(case["total_default"]), atol=1e-6, rtol=1e-5)
