import pytest


@pytest.mark.weights
def test_the_loss_teaches_held_out_films_their_sentences(on_bikes):
    numbers = on_bikes("me_retriever").numbers
    assert numbers["t2v_hit_at_1_share_before"] < 0.2
    assert numbers["t2v_hit_at_1_share_after"] > 0.4
    assert numbers["v2t_hit_at_5_share_after"] > numbers["v2t_hit_at_5_share_before"] + 0.4


@pytest.mark.weights
def test_moments_of_whole_events_are_better_than_blind_answers(on_bikes):
    numbers = on_bikes("me_retriever").numbers
    assert numbers["planted_tiou"] > numbers["blind_tiou"] + 0.2
