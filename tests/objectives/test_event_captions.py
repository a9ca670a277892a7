import pytest
import torch
from torch.nn.functional import cross_entropy, one_hot

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.batch import Grounding, targets_of
from vtk_notebooks.heads.event_captioner import EventCaptioner
from vtk_notebooks.objectives.event_captions import TERMS, EventCaptions, context_loss
from vtk_notebooks.training import planted

CLASSES = torch.tensor([[0, 1, 1, 2]])
HERE = torch.tensor([[True, True, True, False]])


def test_a_clips_context_is_all_others_of_its_film_and_no_padding():
    logits = torch.randn(1, 4, 3, generator=generator(0))
    pairs = [(0, 1), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]  # clip, class of another one
    one = [cross_entropy(logits[0, i], torch.tensor(c)) for i, c in pairs]
    torch.testing.assert_close(context_loss(logits, CLASSES, HERE), torch.stack(one).mean())


def test_every_term_but_the_prior_is_zero_where_all_is_right():
    films = [planted(seed, frames=8, side=1, width=8) for seed in (0, 1)]
    batch = EventCaptioner.new("made", 8, hidden=8).collate([(f.tokens, f.query) for f in films])
    targets = targets_of([(f.tokens, f.moments) for f in films], batch)
    classes, words = torch.zeros(2, 8).long(), torch.arange(8).view(2, 4)
    inside = targets.labels.f.float()
    sure = 50 * one_hot(classes, 3).float()
    aux = {
        "logits": 50 * one_hot(words, 8).float(), "words": words, "said": batch.text_mask,
        "looks": (inside / inside.sum(1, keepdim=True))[:, None].expand(2, 4, 8),
        "own": sure, "context": sure, "classes": classes, "away": torch.zeros(2, 8),
        "log_odds": torch.zeros(3),
    }  # fmt: skip
    terms = EventCaptions().terms(Grounding(batch.clips, inside, inside, aux), targets)
    assert set(terms) == set(TERMS) == set(EventCaptions().weights)
    prior = terms.pop("prior").item()
    assert all(term.item() == pytest.approx(0, abs=1e-5) for term in terms.values())
    assert prior == pytest.approx(torch.tensor(3.0).log().item())
