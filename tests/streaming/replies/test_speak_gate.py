import math
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.speaking import Decision, watch
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError
from vtk_notebooks.query import Query
from vtk_notebooks.streaming.replies import SpeakGate
from vtk_notebooks.streaming.replies.speak_gate import DuetHeads, grounded, smoothed
from vtk_notebooks.tokens import Tokens

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


def spoken(gate, scores, other=None):
    told: list[Decision] = []
    for i, score in enumerate(scores):
        both = {"informative": score, "relevance": score if other is None else other[i]}
        told.append(gate.decide(both, float(i), told[-1] if told else None))
    return [i for i, d in enumerate(told) if d.speak]


def test_scores_of_both_heads_are_added_up():  # a sum of 0.6 is enough, each alone is not
    assert spoken(SpeakGate(0.5), [0.3, 0.3], [0.3, 0.1]) == [0]
    assert spoken(SpeakGate(0.5, heads=("relevance",)), [0.9, 0.9], [0.4, 0.6]) == [1]


def test_a_score_at_the_threshold_is_not_above_it():
    assert spoken(SpeakGate(0.5, heads=("informative",)), [0.5, 0.5001]) == [1]


def test_what_adds_up_is_forgotten_after_speaking():
    gate = SpeakGate.youcook2()
    assert spoken(gate, [0.5] * 12) == [4, 9]  # 2.0 is not above 2; 2.5 is
    assert gate.decide({"informative": 1.0}, 9.0, Decision(8.0, False, 0.0, (1.5,))).memory == (0,)


def test_a_gate_that_nothing_passes_never_speaks():
    assert spoken(SpeakGate(2.0), [1.0] * 5) == []
    assert spoken(SpeakGate(sum_threshold=math.inf), [1.0] * 50) == []


def test_the_published_settings():
    assert (SpeakGate.magqa().threshold, SpeakGate.magqa().sum_threshold) == (0.5, None)
    assert SpeakGate.magqa().heads == ("informative", "relevance")
    assert (SpeakGate.youcook2().sum_threshold, SpeakGate.youcook2().heads) == (2, ("informative",))


@given(scores=CHANCES, limit=st.floats(0.01, 5))
def test_between_two_replies_exactly_enough_adds_up(scores, limit):
    gate = SpeakGate(sum_threshold=limit, heads=("informative",))
    said = [-1, *spoken(gate, scores)]
    for a, b in pairwise(said):
        assert sum(scores[a + 1 : b + 1]) > limit * (1 - 1e-9)
        assert sum(scores[a + 1 : b]) <= limit * (1 + 1e-9)
    assert sum(scores[said[-1] + 1 :]) <= limit * (1 + 1e-9)


def test_both_labels_of_a_frame_are_one_mean():
    heads = DuetHeads.new(3)
    state = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    news, fits = torch.tensor([0, 1, -100, -100]), torch.tensor([-100, 1, -100, -100])
    logs = heads(state).log_softmax(-1)
    by_hand = -(logs[0, 0, 0] + logs[0, 1, 1] + logs[1, 1, 1]) / 3
    assert heads.loss(state, news, fits).item() == pytest.approx(by_hand.item())


def test_without_any_label_there_is_nothing_to_learn():
    nothing = torch.full((2,), -100)
    assert DuetHeads.new(3).loss(torch.ones(2, 3), nothing, nothing) == 0


def test_trained_heads_speak_where_they_were_taught_to(tmp_path):
    draw = torch.Generator().manual_seed(0)
    said, noise = torch.randn(2, 6, generator=draw), 0.1 * torch.randn(80, 6, generator=draw)
    heads, due = DuetHeads.new(6), torch.arange(80) % 2
    state = said[due] + noise
    learn = torch.optim.Adam(heads.parameters(), 0.05)
    for _ in range(60):
        learn.zero_grad()
        heads.loss(state, due, due).backward()
        learn.step()
    gate = SpeakGate(1.0, file=heads.save(tmp_path / "heads.safetensors"))
    frames = Tokens.from_grid(said[[0, 0, 1, 1, 0]][:, None, None], torch.arange(5.0), space="lm")
    asked = Query("read before", torch.ones(6), torch.ones(1, 6), ("read",), "lm")
    assert [d.speak for d in watch(gate.step, frames, asked)] == [False, False, True, True, False]


def test_only_the_last_token_of_a_frame_is_asked(tmp_path):
    gate = SpeakGate(file=DuetHeads.new(6).save(tmp_path / "heads.safetensors"))
    asked = Query("read before", torch.ones(6), torch.ones(1, 6), ("read",), "lm")
    frame = torch.randn(3, 6, generator=torch.Generator().manual_seed(1))
    told = gate.step(frame, asked, 0.0)
    assert gate.step(frame[-1:], asked, 0.0) == told
    assert gate.step(frame.flip(0), asked, 0.0).score != told.score


def test_news_is_what_exceeds_all_that_was_seen():
    cosines = torch.tensor([0.0, 0.9, 0.9])
    x = torch.stack([cosines, (1 - cosines**2).sqrt()], -1)
    frames = Tokens.from_grid(x[:, None, None], torch.arange(3.0), space="made")
    asked = Query("made", torch.tensor([1.0, 0.0]), torch.ones(1, 2), ("made",), "made")
    scores = [d.score for d in watch(SpeakGate(heads=("informative",)).step, frames, asked)]
    assert scores == pytest.approx([0, 1, 0.5], abs=1e-3)


def test_the_longest_run_above_the_threshold_is_the_answer():
    assert grounded([0.1, 0.9, 0.2, 0.8, 0.9, 0.1]) == (3, 5)
    assert grounded([5.0, 5.0, 9.0, 5.0], threshold=1.0) == (2, 3)


def test_of_equal_runs_the_first_one_counts():
    assert grounded([0.0, 1.0, 0.0, 1.0, 0.0]) == (1, 2)


def test_a_flat_curve_answers_nowhere():
    assert grounded([0.4, 0.4, 0.4]) is None


def test_smoothing_at_the_ends_takes_what_there_is():
    assert smoothed([0.0, 3.0, 6.0, 3.0], 1) == [1.5, 3, 4, 4.5]


@given(scores=CHANCES, threshold=st.floats(0, 1))
def test_the_answer_is_a_run_above_the_threshold_that_cannot_grow(scores, threshold):
    found = grounded(scores, 0, threshold)
    if max(scores) - min(scores) < 1e-9:
        assert found is None
        return
    assert found is not None
    scaled = [(s - min(scores)) / (max(scores) - min(scores)) for s in scores]
    first, stop = found
    assert all(s >= threshold for s in scaled[first:stop])
    assert first == 0 or scaled[first - 1] < threshold
    assert stop == len(scores) or scaled[stop] < threshold


def test_bad_parameters_and_scores_are_refused():
    bad: list[Any] = [{"heads": ()}, {"heads": ("loud",)}, {"threshold": -1.0}, {"spread": 0.0}]
    for params in bad:
        with pytest.raises(VtkError, match="SpeakGate"):
            SpeakGate(**params)
    for score in (math.nan, 1.5):
        with pytest.raises(VtkError, match="probabilities"):
            SpeakGate().decide({"informative": score, "relevance": 0.9}, 0.0)
    with pytest.raises(VtkError, match="time"):
        SpeakGate().decide({"informative": 0.0, "relevance": 0.0}, math.nan)
    for scores, window in (([], 0), ([math.nan], 0), ([1.0], -1)):
        with pytest.raises(VtkError, match="grounded"):
            grounded(scores, window)


def test_a_file_that_holds_no_heads_is_refused(tmp_path):
    asked = Query("read before", torch.ones(6), torch.ones(1, 6), ("read",), "lm")
    with pytest.raises(WeightsError, match="DuetHeads"):
        SpeakGate(file=str(tmp_path / "none")).step(torch.ones(1, 6), asked, 0.0)
    with pytest.raises(ShapeError, match="6 channels"):
        SpeakGate().step(torch.ones(1, 5), asked, 0.0)
