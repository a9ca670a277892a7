import pytest


@pytest.mark.weights
def test_detail_tells_levels_of_blur_apart(on_bikes):
    numbers = on_bikes("lmm_vqa").numbers
    assert numbers["srcc"] > 0.7
    assert numbers["plcc"] > 0.7
    assert 20 < numbers["level_percent"] <= 100  # one in five would be chance
