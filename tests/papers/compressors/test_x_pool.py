import pytest


@pytest.mark.weights
def test_the_film_is_more_like_the_question_than_its_plain_mean(on_bikes):
    numbers = on_bikes("x_pool").numbers
    assert numbers["cosine_pooled"] > numbers["cosine_mean"] + 0.01
    assert numbers["tokens_after"] == numbers["tokens_before"] / 4
