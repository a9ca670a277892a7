import pytest


@pytest.mark.weights
def test_what_is_never_on_screen_is_told_of_films_it_never_saw(on_bikes):
    numbers = on_bikes("hybridnet").numbers
    for kind in ("caption", "intention", "effect", "attribute"):
        assert numbers[f"right_{kind}"] > numbers["right_words_untaught"] + 0.4
