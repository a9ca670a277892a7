import pytest

from vtk_notebooks.papers.heads.iperceive import spurious


@pytest.mark.weights
def test_what_is_only_heard_is_told_with_sound_and_what_is_seen_without_it_too(on_bikes):
    numbers = on_bikes("iperceive").numbers
    assert numbers["right_heard_with_sound"] > numbers["right_heard_without_sound"] + 0.3
    assert numbers["right_seen_without_sound"] > 0.5


def test_what_goes_along_without_causing_has_no_effect_when_set():
    assert spurious() == pytest.approx({"when_met": 0.48, "when_set": 0.0}, abs=1e-6)
