import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.speaking import Decision, chance, relevance, seen, turns, watch
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens

X = torch.eye(4)[[0, 1, 0, 2]] * 3


def query(vector=X[0], space="made"):
    return Query("made", vector, vector[None], ("made",), space)


def said(*speaks, step_s=1.0, first_s=0.0):
    return [Decision(first_s + i * step_s, bool(s), float(s)) for i, s in enumerate(speaks)]


def test_frames_in_a_row_are_one_turn_until_the_next_frame():
    [turn] = turns(said(0, 2, 4, 0), 4.0, "why")
    assert (turn.start_s, turn.end_s, turn.score, turn.text) == (1.0, 3.0, 3.0, "why")


def test_the_last_turn_lasts_until_the_stream_ends():
    assert [(m.start_s, m.end_s) for m in turns(said(0, 1), 5.0)] == [(1.0, 5.0)]


def test_silence_between_two_turns_parts_them_and_the_better_one_comes_first():
    found = turns(said(1, 0, 3, 0), 4.0)
    assert [(m.start_s, m.end_s, m.score) for m in found] == [(2.0, 3.0, 3.0), (0.0, 1.0, 1.0)]


def test_a_turn_before_the_film_begins_at_0():
    [turn] = turns(said(1, 1, first_s=-0.5), 3.0)
    assert (turn.start_s, turn.end_s) == (0.0, 3.0)
    assert turns(said(1, 0, first_s=-1.0), 3.0) == []


@given(speaks=st.lists(st.booleans(), max_size=30))
def test_turns_are_where_it_spoke_and_nowhere_else(speaks):
    found = turns(said(*speaks), float(len(speaks)))
    covered = {i for m in found for i in range(round(m.start_s), round(m.end_s))}
    assert covered == {i for i, s in enumerate(speaks) if s}
    assert len(found) == sum(s and not (i and speaks[i - 1]) for i, s in enumerate(speaks))


def test_frames_without_tokens_are_not_seen():
    tokens = Tokens.from_grid(X[:, None, None], torch.arange(4.0), space="made")
    some = tokens.select(torch.tensor([0, 2]))
    told = watch(lambda x, q, t_s, before: Decision(t_s, True, x.sum().item()), some, query())
    assert [(d.t_s, d.score) for d in told] == [(0.0, 3.0), (2.0, 3.0)]


def test_another_space_is_refused():
    tokens = Tokens.from_grid(X[:, None, None], torch.arange(4.0), space="made")
    with pytest.raises(SpaceError):
        watch(lambda *a: Decision(0.0, False, 0.0), tokens, query(space="elsewhere"))


def test_relevance_asks_the_best_cells_only():
    assert relevance(X, query(), best=0.5) == pytest.approx(1)
    assert relevance(X, query(), best=1.0) == pytest.approx(0.5)
    assert relevance(X, query(), best=0.51) == pytest.approx(2 / 3)


def test_a_chance_is_a_half_at_the_level_and_never_overflows():
    assert chance(0.4, 0.4, 0.1) == 0.5
    assert chance(0.5, 0.4, 0.1) == pytest.approx(1 / (1 + math.exp(-1)))
    assert 0 <= chance(-1e9, 0.0, 1e-9) < 1e-20 < 1 - 1e-9 < chance(1e9, 0.0, 1e-9) <= 1


def test_a_question_that_is_no_number_is_refused():
    with pytest.raises(VtkError, match="finite"):
        seen("it", X, query(X[0] * math.nan), 0.0, None)
