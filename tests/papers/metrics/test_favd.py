import pytest


@pytest.mark.weights
def test_what_is_seen_is_nearer_to_the_question_than_to_something_else(on_bikes):
    numbers = on_bikes("favd").numbers
    assert numbers["shared_things_percent"] > 0
    assert numbers["nearness_percent"] > numbers["other_nearness_percent"]
    assert numbers["entity_score_percent"] > numbers["other_entity_score_percent"] == 0
