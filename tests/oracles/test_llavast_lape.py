"""LLaVA-ST's smoothed embeddings and fractional positions, as its released functions give them."""

import pytest
import torch

from vtk_notebooks.mixers.language_aligned_pe import between, nearness, propagated, word_at


@pytest.fixture
def case(oracle):
    return oracle("reference_values/llavast_lape.json")


def test_nearness_value_and_gradient(case):
    torch.testing.assert_close(nearness(6), torch.tensor(case["M"]))
    weight = torch.tensor(case["W"]).requires_grad_()
    value = propagated(weight, nearness(6))
    torch.testing.assert_close(value, torch.tensor(case["forward"]))
    (slope,) = torch.autograd.grad(value, weight, torch.tensor(case["grad_out"]))
    torch.testing.assert_close(slope, torch.tensor(case["grad_W"]))


def test_fractional_positions(case):
    for position, expected in case["position_transfer"].items():
        assert between(float(position), 100) == pytest.approx(tuple(expected))
    got = word_at(0.123, torch.tensor(case["emb"]))
    torch.testing.assert_close(got, torch.tensor(case["token_transfer_0_123"]))
