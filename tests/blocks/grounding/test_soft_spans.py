import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.grounding.soft_spans import pairwise_soft_iou, soft_iou, soft_span

SPAN = st.tuples(st.integers(0, 20), st.integers(1, 12))


def hard(first, long, frames=40):
    at = torch.arange(frames)
    return ((at >= first) & (at < first + long)).double()


@given(a=SPAN, b=SPAN)
def test_of_hard_masks_it_is_the_iou_of_their_intervals(a, b):
    inter = max(0, min(sum(a), sum(b)) - max(a[0], b[0]))
    expected = inter / (a[1] + b[1] - inter)
    overlap = soft_iou(hard(*a), hard(*b))
    torch.testing.assert_close(overlap, torch.tensor(expected, dtype=torch.float64))
    assert overlap == soft_iou(hard(*b), hard(*a))


@given(seed=st.integers(0, 99))
def test_it_lies_between_none_and_all_and_no_order_matters(seed):
    masks = torch.rand(4, 9, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    overlap = pairwise_soft_iou(masks)
    assert 0 <= overlap <= 1
    torch.testing.assert_close(pairwise_soft_iou(masks.flip(0)), overlap)
    pairs = [soft_iou(masks[i], masks[j]) for i in range(4) for j in range(i)]
    torch.testing.assert_close(torch.stack(pairs).mean(), overlap)


def test_empty_masks_do_not_overlap():
    nothing = torch.zeros(2, 5, requires_grad=True)
    overlap = pairwise_soft_iou(nothing)
    overlap.backward()
    assert overlap == 0
    assert nothing.grad is not None
    assert nothing.grad.isfinite().all()


@given(first=st.integers(0, 20), long=st.integers(1, 12))
def test_a_sharp_mask_is_the_hard_one(first, long):
    at = torch.arange(40, dtype=torch.float64) + 0.5
    centre, width = torch.tensor([first + long / 2]).double(), torch.tensor([float(long)]).double()
    torch.testing.assert_close(soft_span(centre, width, at, 1e4)[0], hard(first, long))


def test_a_mask_is_one_half_at_its_ends_highest_in_its_middle_and_symmetric():
    at = torch.linspace(0, 1, 41, dtype=torch.float64)
    half = torch.tensor([0.5]).double()
    [mask] = soft_span(half, half, at, 60.0)
    torch.testing.assert_close(mask[[10, 30]], torch.full((2,), 0.5).double(), atol=1e-6, rtol=0)
    torch.testing.assert_close(mask, mask.flip(0))
    assert mask.argmax() == 20


def test_a_wider_mask_holds_more_everywhere():
    at = torch.linspace(0, 1, 41, dtype=torch.float64)
    narrow, wide = soft_span(torch.tensor([0.5, 0.5]), torch.tensor([0.2, 0.4]), at, 30.0)
    assert (wide > narrow).all()
