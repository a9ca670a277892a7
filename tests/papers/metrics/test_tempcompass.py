import pytest


@pytest.mark.weights
def test_a_still_is_right_about_one_film_of_each_pair(on_bikes):
    numbers = on_bikes("tempcompass").numbers
    for task in ("yes_no", "multi_choice"):
        assert numbers[f"film_{task}_percent"] == 100
        assert numbers[f"still_{task}_percent"] == 50
