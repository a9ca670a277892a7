import pytest


@pytest.mark.weights
def test_the_question_wakes_the_clip_that_shows_the_cyclist(on_bikes):
    done = on_bikes("ixc_omnilive")
    [moment] = done.run.moments
    assert moment.start_s < 5.44  # in view from 4.2 s to 5.44 s
    assert moment.end_s > 4.2
    assert moment.score > 0.4
    assert done.numbers["clips"] >= 3


@pytest.mark.weights
def test_an_overview_and_one_clip_are_all_that_is_read(on_bikes):
    numbers = on_bikes("ixc_omnilive").numbers
    assert numbers["tokens_after"] <= numbers["clips"] + 3 * 64
    assert numbers["tokens_after"] < 0.1 * numbers["tokens_before"]
