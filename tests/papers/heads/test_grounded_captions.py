import pytest


@pytest.mark.weights
def test_captions_alone_teach_words_where_to_point(on_bikes):
    numbers = on_bikes("grounded_captions").numbers
    others = ("pointing_share_without_cycle", "pointing_share_untaught")
    assert numbers["pointing_share"] > max(numbers[name] for name in others) + 0.2
