import pytest


@pytest.mark.weights
def test_a_stream_asks_fewer_questions_than_a_dialogue_and_no_memory_is_perfect(on_bikes):
    numbers = on_bikes("svbench").numbers
    assert 4 <= numbers["stream_turns"] < 12
    for memory in ("last", "spread"):
        for kind in ("dialogue", "streaming"):
            assert 0 < numbers[f"{memory}_{kind}_percent"] < 100
