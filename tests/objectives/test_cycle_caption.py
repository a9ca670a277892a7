import pytest
import torch
from torch.nn.functional import cross_entropy, one_hot, pad

from vtk_notebooks.objectives.cycle_caption import CycleCaption


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


WORDS = torch.tensor([[0, 3, 1], [2, 2, 4]])
SAID = torch.ones(2, 3, dtype=torch.bool)


def test_each_reading_costs_its_cross_entropy_and_counts_one_half():
    decoded, again = draw(2, 3, 5), draw(2, 3, 5, seed=1)
    terms = CycleCaption()(decoded, again, WORDS, SAID)
    for name, logits in (("decode", decoded), ("reconstruct", again)):
        torch.testing.assert_close(terms[name], cross_entropy(logits.mT, WORDS))
    torch.testing.assert_close(terms["total"], (terms["decode"] + terms["reconstruct"]) / 2)


def test_a_caption_written_right_twice_costs_nothing():
    sure = 1000.0 * one_hot(WORDS, 5).double()
    assert CycleCaption()(sure, sure, WORDS, SAID)["total"].item() == pytest.approx(0, abs=1e-9)


def test_words_that_do_not_exist_change_nothing():
    decoded, again = draw(2, 3, 5), draw(2, 3, 5, seed=1)
    one, two = (pad(x, (0, 0, 0, 2), value=9.0) for x in (decoded, again))
    padded = CycleCaption()(one, two, pad(WORDS, (0, 2)), pad(SAID, (0, 2)))
    for name, term in CycleCaption()(decoded, again, WORDS, SAID).items():
        torch.testing.assert_close(padded[name], term)
