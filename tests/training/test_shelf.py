import pytest
import torch

from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.heads import UniVTG
from vtk_notebooks.training import planted
from vtk_notebooks.training.shelf import Shelf

FILMS = [planted(seed, frames=8, width=8) for seed in range(10)]


def shelf():
    return Shelf.of(UniVTG.new("made", 8), FILMS)


def test_in_an_epoch_every_film_comes_once():
    whole = shelf()
    steps = [whole.in_step(step, 4, 0) for step in range(3)]
    assert [len(some.batch.video) for some in steps] == [4, 4, 2]
    seen = torch.cat([some.batch.video for some in steps]).flatten(1)
    assert torch.equal(seen.sort(0).values, whole.batch.video.flatten(1).sort(0).values)


def test_the_next_epoch_has_another_order_and_another_seed_as_well():
    whole = shelf()
    first, second, other = (
        torch.cat([whole.in_step(step, 5, seed).batch.video for step in steps])
        for steps, seed in (((0, 1), 0), ((2, 3), 0), ((0, 1), 1))
    )
    assert not torch.equal(first, second)
    assert not torch.equal(first, other)


def test_targets_go_with_their_films_and_every_step_draws_anew():
    whole = shelf()
    some = whole.in_step(0, 4, 0)
    same = (whole.batch.video[None] == some.batch.video[:, None]).flatten(2).all(2)
    places = same.int().argmax(1)
    assert torch.equal(some.targets.spans, whole.targets.spans[places])
    assert some.targets.seed != whole.in_step(1, 4, 0).targets.seed


def test_no_films_and_foreign_films_are_refused():
    with pytest.raises(VtkError, match="one or more films"):
        Shelf.of(UniVTG.new("made", 8), [])
    with pytest.raises(SpaceError, match="elsewhere"):
        Shelf.of(UniVTG.new("elsewhere", 8), FILMS)
