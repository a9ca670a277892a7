import pytest


@pytest.mark.weights
def test_a_real_vit_keeps_its_features_while_it_merges_most_of_its_tokens(on_bikes):
    numbers = on_bikes("auroracap").numbers
    assert numbers["vit_left_part"] < 0.3
    assert numbers["likeness"] > 0.9


@pytest.mark.weights
def test_proportional_attention_is_worth_having(on_bikes):
    numbers = on_bikes("auroracap").numbers
    assert numbers["likeness"] > numbers["likeness_without_proportional_attention"] + 0.02
