import pytest


@pytest.mark.weights
def test_objects_of_a_made_film_are_told_apart_by_one_token_each(on_bikes):
    assert on_bikes("videorefer").numbers["told_apart_share"] > 0.8


@pytest.mark.weights
def test_what_the_question_is_about_becomes_four_tokens(on_bikes):
    numbers = on_bikes("videorefer").numbers
    assert numbers["object_tokens"] == 4 <= numbers["frames_with_the_object"]
