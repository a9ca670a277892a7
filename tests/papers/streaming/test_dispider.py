import pytest


@pytest.mark.weights
def test_a_reply_is_due_when_the_clip_with_the_cyclist_has_ended(on_bikes):
    assert 4.2 < on_bikes("dispider").numbers["first_due_s"] < 8


@pytest.mark.weights
def test_every_frame_is_seen_before_the_slow_reaction_has_written_anything(on_bikes):
    numbers = on_bikes("dispider").numbers
    assert numbers["frames_seen"] == 20
    assert numbers["replies"] >= 1
    assert numbers["replies_after_the_film_share"] == 1
