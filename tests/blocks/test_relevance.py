import pytest
import torch

from vtk_notebooks import Query, Tokens
from vtk_notebooks.blocks import relevance
from vtk_notebooks.blocks.relevance import (
    asked,
    frame_means,
    frame_relevance,
    home_frames,
    of_frames,
    token_relevance,
)
from vtk_notebooks.errors import SpaceError, VtkError


def film(t=4, h=2, w=5, d=6, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def ask(space="made"):
    vector = torch.randn(6, generator=torch.Generator().manual_seed(7))
    return Query("?", vector, vector[None], ("?",), space)


def test_a_token_is_as_relevant_as_its_cosine():
    x, query = film().x, ask()
    by_hand = (x @ query.vector) / (x.norm(dim=1) * query.vector.norm())
    torch.testing.assert_close(token_relevance(film(), query), by_hand)


def test_a_long_film_is_read_in_parts(monkeypatch):
    whole = token_relevance(film(), ask())
    monkeypatch.setattr(relevance, "_MOST_FLOATS", 6 * 7)
    torch.testing.assert_close(token_relevance(film(), ask()), whole)


def test_a_vector_of_no_length_has_no_direction_and_a_nan_stays_one():
    tokens = film()
    tokens.x[0], tokens.x[1] = 0, torch.nan
    told = token_relevance(tokens, ask())
    assert told[0] == 0
    assert told.isnan().nonzero().flatten().tolist() == [1]


def test_a_frame_is_as_relevant_as_its_best_cells():
    tokens, query = film(), ask()
    cells = token_relevance(tokens, query).view(4, 10).sort(1, descending=True).values
    torch.testing.assert_close(frame_relevance(tokens, query, 0.2), cells[:, :2].mean(1))
    torch.testing.assert_close(frame_relevance(tokens, query, 1.0), cells.mean(1))


def test_a_frame_in_which_no_token_is_at_home_comes_last():
    tokens = film().regroup(torch.arange(40) % 10)  # each token spans all frames, centre 1.5
    assert home_frames(tokens).unique().tolist() == [2]
    assert frame_relevance(tokens, ask(), 1.0).isfinite().tolist() == [False, False, True, False]


def test_a_frame_of_nan_comes_behind_all_others_and_is_a_number():
    tokens = film()
    tokens.x[10:20] = torch.nan
    told = frame_relevance(tokens, ask(), 1.0)
    assert told.argmin() == 1
    assert told.isfinite().all()
    assert torch.equal(told[[0, 2, 3]], frame_relevance(film(), ask(), 1.0)[[0, 2, 3]])


def test_a_frame_between_two_that_became_one_is_as_relevant_as_what_is_at_home_there():
    tokens = (
        film(t=3, h=1, w=2).select(torch.tensor([0, 1, 4, 5])).regroup(torch.tensor([0, 1] * 2))
    )
    assert home_frames(tokens).tolist() == [1, 1]
    told = frame_relevance(tokens, ask(), 1.0)
    assert told[1] == token_relevance(tokens, ask()).amax()
    assert told.isfinite().tolist() == [False, True, False]


def test_tokens_of_chosen_frames_come_bit_for_bit():
    tokens = film()
    out = of_frames(tokens, torch.tensor([False, True, False, True]))
    assert torch.equal(out.x, torch.cat([tokens.x[10:20], tokens.x[30:]]))


def test_means_of_frames_are_over_the_questions_own_channels():
    other = Tokens.from_grid(torch.ones(4, 2, 5, 3), torch.arange(4) / 2, space="other")
    both = film().beside(other)
    torch.testing.assert_close(frame_means(both, ask()), film().x.view(4, 10, 6).mean(1))


def test_no_question_and_a_question_of_another_space_are_refused():
    with pytest.raises(VtkError, match="Somebody expects a query"):
        asked("Somebody", None, film())
    with pytest.raises(SpaceError):
        token_relevance(film(), ask("elsewhere"))


@pytest.mark.parametrize("vector", [torch.ones(5), torch.tensor([1.0, torch.nan, 0, 0, 0, 0])])
def test_a_question_that_nothing_can_be_compared_with_is_refused(vector):
    with pytest.raises(VtkError, match="Somebody expects a query of"):
        asked("Somebody", Query("?", vector, vector[None], ("?",), "made"), film())
