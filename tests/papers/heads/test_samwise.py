import pytest


@pytest.mark.weights
def test_a_tracker_that_began_with_the_wrong_thing_keeps_it_unless_its_memory_is_corrected(
    on_bikes,
):
    numbers = on_bikes("samwise").numbers
    assert numbers["astray_iou"] < 0.2
    assert numbers["corrected_iou"] > numbers["astray_iou"] + 0.4


@pytest.mark.weights
def test_a_tracker_on_the_right_way_is_left_alone(on_bikes):
    numbers = on_bikes("samwise").numbers
    assert numbers["mask_iou"] > 0.7
