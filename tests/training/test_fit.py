import pytest
import torch

from vtk_notebooks import tiou
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.heads import UniVTG
from vtk_notebooks.training import fit_head, planted

FILMS = [planted(seed, frames=16, width=16) for seed in range(64)]


def fresh(space="made"):
    return UniVTG.new(space, 16, hidden=32)


def test_training_lowers_the_loss_and_finds_moments_it_never_saw():
    losses: list[float] = []
    before, unseen = fresh(), [planted(seed, frames=16, width=16) for seed in range(900, 920)]
    after = fit_head(fresh(), FILMS, steps=150, losses=losses)

    def mean_iou(head):
        hits = [tiou(head(f.tokens, f.query)[0], f.moments[0]) for f in unseen]
        return sum(hits) / len(hits)

    assert losses[-1] < losses[0] / 5
    assert mean_iou(after) > 0.6 > mean_iou(before)


def test_the_same_films_and_seed_give_the_same_weights():
    state = torch.random.get_rng_state()
    a, b, c = (fit_head(fresh(), FILMS, steps=3, seed=s).weights() for s in (0, 0, 1))
    assert a == b != c
    assert torch.equal(state, torch.random.get_rng_state())


def test_progress_hears_of_every_step():
    heard = []
    fit_head(fresh(), FILMS[:2], steps=3, progress=lambda *now: heard.append(now))
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_films_of_different_lengths_train_together():
    films = [planted(0, frames=8, width=16), planted(1, frames=24, width=16)]
    fit_head(fresh(), films, steps=2)


def test_no_films_and_foreign_films_are_refused():
    with pytest.raises(VtkError, match="one or more films"):
        fit_head(fresh(), [])
    with pytest.raises(SpaceError, match="elsewhere"):
        fit_head(fresh("elsewhere"), FILMS)
