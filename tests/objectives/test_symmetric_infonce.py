import math

import pytest
import torch
from torch.nn.functional import one_hot

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.objectives.symmetric_infonce import SymmetricInfoNCE

WORDS = torch.tensor([[1, 2, 3, 0], [2, 0, 1, -100]])


def sure(words):
    """Points for exactly the next word."""
    following = torch.cat([words[:, 1:], words[:, :1]], 1).clamp_min(0)
    return 50 * one_hot(following, 4).float()


def test_pairs_that_fit_and_words_that_are_right_cost_nothing():
    terms = SymmetricInfoNCE(temperature=0.01)(torch.eye(2), torch.eye(2), sure(WORDS), WORDS)
    assert terms["contrast"].item() == pytest.approx(0, abs=1e-6)
    assert terms["language"].item() == pytest.approx(0, abs=1e-6)
    assert terms["total"] == terms["contrast"] + terms["language"]


def test_pairs_that_nobody_tells_apart_cost_log_b():
    same = torch.ones(5, 3)
    assert SymmetricInfoNCE()(same, same)["contrast"].item() == pytest.approx(math.log(5))


def test_a_word_is_judged_by_the_one_before_it():
    logits = sure(WORDS)
    logits[:, -1] = -99 * one_hot(torch.tensor([2, 2]), 4)  # behind the last word: nobody's
    assert SymmetricInfoNCE()(torch.eye(2), torch.eye(2), logits, WORDS)[
        "language"
    ].item() == pytest.approx(0, abs=1e-6)
    shifted = torch.roll(sure(WORDS), 1, 1)
    assert SymmetricInfoNCE()(torch.eye(2), torch.eye(2), shifted, WORDS)["language"] > 5


def test_padding_and_interleaved_documents_play_no_part():
    seen, said = torch.eye(3), torch.eye(3)
    said[2] = torch.tensor([5.0, 5.0, 0.0])
    paired = torch.tensor([True, True, False])
    part = SymmetricInfoNCE()(seen, said, paired=paired)["contrast"]
    torch.testing.assert_close(part, SymmetricInfoNCE()(seen[:2], said[:2])["contrast"])
    assert SymmetricInfoNCE()(seen, said, paired=torch.zeros(3, dtype=torch.bool))["contrast"] == 0


def test_the_released_scale_tells_pairs_hardly_apart():
    ours, released = (
        SymmetricInfoNCE(temperature=0.1),
        SymmetricInfoNCE(temperature=0.1, scale="released"),
    )
    assert ours.factor == pytest.approx(10)
    assert released.factor == pytest.approx(1.105, abs=1e-3)
    pairs = torch.eye(4), torch.eye(4)
    assert ours(*pairs)["contrast"] < 0.01
    assert released(*pairs)["contrast"] > 0.6


def test_gradients_reach_both_sides_and_the_words():
    seen, said = torch.eye(3).requires_grad_(), torch.eye(3).flip(0).requires_grad_()
    logits = torch.zeros(3, 4, 5, requires_grad=True)
    words = torch.zeros(3, 4, dtype=torch.long)
    SymmetricInfoNCE()(seen, said, logits, words)["total"].backward()
    for x in (seen, said, logits):
        assert x.grad is not None
        assert x.grad.abs().sum() > 0
    assert logits.grad is not None
    assert (logits.grad[:, -1] == 0).all()


def test_weights_stand_beside_their_terms():
    terms = SymmetricInfoNCE(contrast=0.5, language=3)(
        torch.eye(2), torch.eye(2), torch.zeros(2, 4, 4), WORDS
    )
    torch.testing.assert_close(terms["total"], 0.5 * terms["contrast"] + 3 * terms["language"])


def test_impossible_parameters_are_refused():
    with pytest.raises(VtkError, match="above 0"):
        SymmetricInfoNCE(temperature=0.0)
    with pytest.raises(UnknownNameError, match="Did you mean 'released'"):
        SymmetricInfoNCE(scale="release")
