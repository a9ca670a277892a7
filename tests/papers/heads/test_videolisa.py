import pytest


@pytest.mark.weights
def test_taught_by_masks_it_masks_things_it_has_not_seen(on_bikes):
    numbers = on_bikes("videolisa").numbers
    assert numbers["mask_iou"] > max(0.6, numbers["untaught_mask_iou"] + 0.1)


@pytest.mark.weights
def test_far_fewer_tokens_are_read_than_there_are(on_bikes):
    numbers = on_bikes("videolisa").numbers
    assert numbers["tokens_read"] < 0.2 * numbers["tokens_before"]
