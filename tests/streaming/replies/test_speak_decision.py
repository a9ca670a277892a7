from typing import Any

import pytest
import torch

from vtk_notebooks.blocks.speaking import watch
from vtk_notebooks.errors import VtkError, WeightsError
from vtk_notebooks.query import Query
from vtk_notebooks.streaming.replies import SpeakDecision
from vtk_notebooks.streaming.replies.speak_decision import (
    DecisionHead,
    decision_loss,
    retrieval_loss,
)
from vtk_notebooks.tokens import Tokens

ASKED = Query("made", torch.eye(8)[0], torch.eye(8)[:1], ("made",), "made")


def told(lengths, **params):
    """Decisions on scenes of one direction each, of these lengths; the first is what was asked."""
    x = torch.cat([torch.eye(8)[[i % 8]].expand(n, -1) for i, n in enumerate(lengths)])
    tokens = Tokens.from_grid(x[:, None, None], torch.arange(len(x)) * 1.0, space="made")
    return watch(SpeakDecision(**params).step, tokens, ASKED)


def spoken(lengths, **params):
    return [i for i, d in enumerate(told(lengths, **params)) if d.speak]


def test_it_decides_once_a_clip_when_the_clip_has_ended():  # perception cuts, then one decision
    assert spoken([5, 4, 4]) == [5]
    assert spoken([5, 4, 4, 4, 4, 4, 4, 4, 6, 4]) == [5, 5 + 7 * 4 + 6]


def test_a_scene_that_stays_is_decided_on_every_16_frames():
    assert spoken([40]) == [16, 32]
    assert spoken([40], max_len=10) == [10, 20, 30]


def test_no_clip_is_shorter_than_it_may_be():
    assert spoken([1, 1, 1, 1, 1, 1]) == []  # a clip of three scenes: a third of it fits
    assert spoken([1, 1, 1, 1], min_len=1) == [1]


def test_the_open_clip_has_a_score_and_no_reply():
    decisions = told([4])
    assert all(d.score > 0.99 for d in decisions)
    assert not any(d.speak for d in decisions)


def test_one_more_answer_token_is_read_for_each_answer_given():
    head, x = DecisionHead.new(8, 16), torch.ones(8)

    def answers(*replied):
        sequence = head.sequence(tuple((x, r) for r in replied), x, x)
        return int((sequence == head.answered).all(1).sum()), len(sequence)

    assert answers() == (1, 4)  # <ANS>, clip, question, <TODO>
    assert answers(False, False) == (1, 6)
    assert answers(True, False, True) == (3, 9)


def test_a_trained_head_decides_and_can_be_named_by_its_file(tmp_path):
    head, asked = DecisionHead.new(8, 16), torch.eye(8)[0]
    clips, due = torch.eye(8)[:4], torch.tensor([False, False, True, False])
    learn = torch.optim.Adam(head.parameters(), 0.02)
    for _ in range(40):
        learn.zero_grad()
        decision_loss(torch.stack([head((), c, asked) for c in clips]), due).backward()
        learn.step()
    file = head.save(tmp_path / "head.safetensors")
    assert spoken([4, 4, 4, 4], file=file) == [12]  # what it was taught, not what is alike


def test_what_was_answered_before_reaches_the_head(tmp_path):
    file = DecisionHead.new(8, 16).save(tmp_path / "head.safetensors")
    scores = [told([4, 4, 4], file=file, threshold=t)[8].score for t in (0.0, 1.0)]
    assert scores[0] != scores[1]  # always and never answered


def test_rare_replies_weigh_as_much_as_frequent_silence():
    logits = torch.tensor([0.3, -0.2, 0.1, 0.5])
    due = torch.tensor([True, False, False, False])
    each = torch.nn.functional.softplus(torch.where(due, -logits, logits))
    by_hand = (3 * each[0] + each[1:].sum()) / 4
    assert decision_loss(logits, due).item() == pytest.approx(by_hand.item())
    assert decision_loss(logits, ~due | True).isfinite()
    assert decision_loss(logits, due & False).isfinite()


def test_the_clips_that_help_are_learnt_with_a_little_entropy():
    clips, asked = torch.eye(3), torch.tensor([1.0, 1.0, 0.0])
    helps = torch.tensor([True, False, False])
    p = (torch.tensor([0.5**0.5, 0.5**0.5, 0.0]) / 0.1).softmax(0)
    by_hand = -p[0].log() - 0.01 * (p * p.log()).sum()
    assert retrieval_loss(asked, clips, helps).item() == pytest.approx(by_hand.item(), rel=1e-5)
    with pytest.raises(VtkError, match="help"):
        retrieval_loss(asked, clips, helps & False)


def test_bad_parameters_and_files_are_refused(tmp_path):
    bad: list[Any] = [{"min_len": 0}, {"max_len": 2}, {"threshold": 1.5}, {"best": 0.0}]
    for params in bad:
        with pytest.raises(VtkError):
            SpeakDecision(**params)
    with pytest.raises(WeightsError, match="DecisionHead"):
        told([4, 4], file=str(tmp_path / "none"))
