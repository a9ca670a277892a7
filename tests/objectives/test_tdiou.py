import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.objectives.tdiou import TemporalDistanceIoU

SPANS = st.tuples(st.floats(0, 0.9), st.floats(0.01, 0.5)).map(lambda s: (s[0], s[0] + s[1]))


@given(span=SPANS)
def test_a_perfect_span_costs_what_lies_below_the_floors(span):
    loss, said = TemporalDistanceIoU(), torch.tensor([span])
    terms = loss(said, said)
    assert terms["iou"].item() == pytest.approx(0, abs=1e-5)
    total = sum(loss.weights[name] * term.item() for name, term in terms.items())
    assert total == pytest.approx(0.24, abs=1e-5)
    free = TemporalDistanceIoU(near=0.0, alike=0.0)
    assert sum(term.item() for term in free(said, said).values()) == pytest.approx(0, abs=1e-5)


def test_a_centre_that_is_near_does_not_pull_and_one_that_is_far_does():
    truth = torch.tensor([[0.4, 0.6]])
    for shift, pulls in ((0.15, False), (0.3, True)):
        said = (truth + shift).requires_grad_()
        TemporalDistanceIoU()(said, truth)["distance"].sum().backward()
        assert said.grad is not None
        assert bool(said.grad.any()) == pulls


def test_films_of_a_batch_pay_what_they_pay_alone():
    said = torch.tensor([[0.2, 0.6], [0.8, 0.3], [0.0, 1.0]])
    truth = torch.tensor([[0.1, 0.4], [0.2, 0.5], [0.3, 0.7]])
    loss = TemporalDistanceIoU()
    together = loss(said, truth)
    for i in range(3):
        for name, term in loss(said[i : i + 1], truth[i : i + 1]).items():
            assert together[name][i] == term[0]


def test_an_end_before_its_start_meets_nothing():
    terms = TemporalDistanceIoU()(torch.tensor([[0.6, 0.4]]), torch.tensor([[0.4, 0.6]]))
    assert terms["iou"] == 1
