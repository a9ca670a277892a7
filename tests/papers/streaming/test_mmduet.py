import pytest


@pytest.mark.weights
def test_it_speaks_while_a_cyclist_is_in_view_and_grounds_the_same_moment(on_bikes):
    done = on_bikes("mmduet")
    first, last = (done.numbers[f"grounded_{end}_s"] for end in ("start", "end"))
    assert 0 < done.numbers["spoke_after_frames"] < 20
    for start_s, end_s in ((first, last), (done.run.moments[0].start_s, done.run.moments[0].end_s)):
        assert start_s < 5.44  # the cyclist is in view from 4.2 s to 5.44 s
        assert end_s > 4.2
        assert end_s - start_s < 6


@pytest.mark.weights
def test_it_stays_silent_about_what_is_not_there(on_bikes):
    assert on_bikes("mmduet").numbers["spoke_of_something_else_after_frames"] == 0
