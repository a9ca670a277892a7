import pytest


@pytest.mark.weights
def test_sentences_of_made_narrations_are_found_when_they_are_shown_and_absent_ones_are_told(
    on_bikes,
):
    numbers = on_bikes("temporal_alignment").numbers
    assert numbers["aligned_share"] > 0.9
    assert numbers["alignable_auc"] > 0.9


@pytest.mark.weights
def test_it_finds_planted_moments_better_than_blind_answers(on_bikes):
    numbers = on_bikes("temporal_alignment").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.2
