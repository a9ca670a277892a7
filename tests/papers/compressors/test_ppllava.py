import pytest


@pytest.mark.weights
def test_windows_of_18_cells_become_one_token_and_a_page_means_nearly_what_it_did(on_bikes):
    done = on_bikes("ppllava")
    t, h, w = done.run.stages[0].tokens.grid
    assert done.numbers["tokens_after"] == t // 2 * -(-h // 3) * -(-w // 3)
    assert done.numbers["page_likeness"] > 0.9
    assert done.numbers["longest_word_pieces"] > 600
