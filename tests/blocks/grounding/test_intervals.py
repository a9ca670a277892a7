import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, tiou
from vtk_notebooks.blocks.grounding.intervals import giou, iou, to_centre, to_ends

SPANS = st.tuples(st.floats(0, 0.9), st.floats(0.01, 0.5)).map(lambda s: (s[0], s[0] + s[1]))


@given(a=SPANS, b=SPANS)
def test_giou_is_iou_where_spans_touch_and_falls_with_the_gap(a, b):
    value = giou(torch.tensor([a], dtype=torch.float64), torch.tensor([b], dtype=torch.float64))
    assert -1 < value <= 1
    gap = max(a[0], b[0]) - min(a[1], b[1])
    hull = max(a[1], b[1]) - min(a[0], b[0])
    iou = tiou(Moment(*a), Moment(*b))
    assert value.item() == pytest.approx(iou if gap <= 0 else -gap / hull, abs=1e-9)


@given(a=SPANS, b=SPANS)
def test_iou_is_that_of_moments(a, b):
    value = iou(torch.tensor(a, dtype=torch.float64), torch.tensor(b, dtype=torch.float64))
    assert value.item() == pytest.approx(tiou(Moment(*a), Moment(*b)), abs=1e-9)


@given(a=SPANS)
def test_centre_and_width_are_another_spelling(a):
    span = torch.tensor(a, dtype=torch.float64)
    torch.testing.assert_close(to_ends(to_centre(span)), span)
    torch.testing.assert_close(to_centre(span)[1], span[1] - span[0])


def test_every_span_meets_every_other_by_broadcasting():
    a, b = torch.tensor([[0.0, 0.2], [0.5, 1.0]]), torch.tensor([[0.0, 1.0]])
    torch.testing.assert_close(iou(a[:, None], b[None]), torch.tensor([[0.2], [0.5]]))


def test_an_empty_span_is_like_nothing_and_breaks_nothing():
    empty = torch.tensor([0.3, 0.3], requires_grad=True)
    assert iou(empty, empty).item() == 0
    value = giou(empty, torch.tensor([0.0, 1.0]))
    value.backward()
    assert empty.grad is not None
    assert empty.grad.isfinite().all()
