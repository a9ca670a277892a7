import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import binary_cross_entropy_with_logits

from vtk_notebooks.objectives.mask_prediction import MaskPrediction, dice_loss, focal_loss


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def some(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) < 0.4


def test_a_perfect_mask_costs_nothing():
    masks = some(3, 4, 5)
    masks[0] = False  # also where there is nothing to be seen
    terms = MaskPrediction(focal=1.0)(1000 * (2 * masks.double() - 1), masks)
    assert all(abs(term.item()) < 1e-9 for term in terms.values())


def test_equal_masks_have_no_dice_loss_and_disjoint_ones_all_of_it():
    mask = some(2, 4, 4).double()
    mask[:, 0, 0], mask[:, 1, 1] = 1, 0
    assert dice_loss(mask, mask).abs().max() == 0
    assert dice_loss(1 - mask, mask).min() > 0.999


def test_dice_is_twice_the_overlap_over_both_areas():
    a, b = torch.zeros(1, 4, 4), torch.zeros(1, 4, 4)
    a[0, :2], b[0, 1:] = 1, 1
    assert dice_loss(a, b).item() == pytest.approx(1 - 2 * 4 / (8 + 12), abs=1e-4)


def test_with_no_focus_focal_loss_is_half_of_cross_entropy():
    logits, truth = draw(2, 3, 3), some(2, 3, 3).double()
    plain = binary_cross_entropy_with_logits(logits, truth)
    torch.testing.assert_close(focal_loss(logits, truth, 0.5, 0), plain / 2)


def test_focus_forgives_what_is_nearly_right():
    logit, truth = torch.full((1, 1, 1), 2.0), torch.ones(1, 1, 1)
    p = logit.sigmoid().item()
    plain = binary_cross_entropy_with_logits(logit, truth).item()
    assert focal_loss(logit, truth).item() == pytest.approx(0.25 * (1 - p) ** 2 * plain)


@given(seed=st.integers(0, 99))
def test_masks_may_come_in_any_order_and_places_too(seed):
    logits, masks = draw(3, 4, 5, seed=seed), some(3, 4, 5, seed=seed)
    plain = MaskPrediction(focal=1.0)(logits, masks)
    turned = MaskPrediction(focal=1.0)(logits.flip(0, 1, 2), masks.flip(0, 1, 2))
    for name, term in plain.items():
        torch.testing.assert_close(turned[name], term)


def test_every_frame_counts_alike_in_dice_however_large_its_object():
    logits, masks = draw(2, 4, 5), some(2, 4, 5)
    each = [MaskPrediction()(logits[k : k + 1], masks[k : k + 1])["dice"] for k in range(2)]
    torch.testing.assert_close(MaskPrediction()(logits, masks)["dice"], sum(each) / 2)


def test_the_total_is_weighted_as_released():
    terms = MaskPrediction()(draw(2, 4, 5), some(2, 4, 5))
    assert terms["total"].item() == pytest.approx((2 * terms["bce"] + 0.5 * terms["dice"]).item())
