import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.training import label_budgets, planted
from vtk_notebooks.training.budgets import retold

FILMS = [planted(seed, frames=16, width=16) for seed in range(48)]
UNSEEN = [planted(seed, frames=16, width=16) for seed in range(900, 920)]


def test_the_more_is_told_the_more_is_learned():
    done = label_budgets("univtg", FILMS, UNSEEN, steps=90)
    iou = {budget.labels: float(budget.scores["mIoU"]) for budget in done}
    assert list(iou) == ["full", "glance", "none"]
    assert iou["full"] > iou["glance"] + 5
    assert iou["glance"] > iou["none"]


def test_every_noise_is_tried_and_nothing_told_only_once():
    done = label_budgets("univtg", FILMS[:4], UNSEEN[:2], noises=(0.0, 0.5), steps=1)
    tried = [(budget.labels, budget.noise) for budget in done]
    assert tried == [("full", 0), ("full", 0.5), ("glance", 0), ("glance", 0.5), ("none", 0)]


@given(seed=st.integers(0, 999), noise=st.floats(0, 3))
def test_what_is_told_lies_in_the_film(seed, noise):
    for labels in ("full", "glance"):
        [moment] = retold(FILMS[0], labels, noise, seed).moments
        assert 0 <= moment.start_s < moment.end_s <= FILMS[0].tokens.duration_s


def test_without_noise_all_is_told_as_it_is_and_a_glance_lies_inside():
    [told], [true] = retold(FILMS[0], "full", 0.0, 3).moments, FILMS[0].moments
    assert (told.start_s, told.end_s) == (true.start_s, true.end_s)
    film = planted(5, frames=40, width=16)
    [told], [true] = retold(film, "glance", 0.0, 3).moments, film.moments
    assert told.end_s >= true.start_s
    assert told.start_s <= true.end_s
    assert told.duration_s <= film.tokens.duration_s / 2 + 1e-6


def test_unknown_budgets_and_no_films_are_refused():
    with pytest.raises(UnknownNameError, match="glance"):
        label_budgets("univtg", FILMS[:1], UNSEEN[:1], labels=["glances"])
    with pytest.raises(VtkError, match="films to learn from"):
        label_budgets("univtg", [], UNSEEN)
