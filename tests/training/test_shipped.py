import pytest

from vtk_notebooks.errors import UnknownNameError
from vtk_notebooks.metrics.moments.recall import Recall
from vtk_notebooks.registry import build
from vtk_notebooks.training import shipped
from vtk_notebooks.training.shipped import PLANS, UNSEEN, Plan, shipped_file, train_shipped

FOLDER = shipped_file("", "").parent
SHIPPED = sorted(p.stem.rpartition("-")[::2] for p in FOLDER.iterdir())
BEST = ("reversed_recurrent", "span_queries", "univtg")


def test_five_heads_and_more_come_with_weights_that_are_small_together():
    assert {"made", "conse"} <= {plan for _, plan in SHIPPED} <= set(PLANS)
    assert len({name for name, _ in SHIPPED}) >= 5
    assert sum(shipped_file(*who).stat().st_size for who in SHIPPED) < 8_000_000


@pytest.mark.parametrize(("name", "plan"), SHIPPED)
def test_they_find_moments_they_never_saw(name, plan):
    head = build("head", name, file=plan)
    films = [PLANS[plan].made(UNSEEN + i) for i in range(40)]
    said = [head(film.tokens, film.query) for film in films]
    score = Recall(at=(1,))(said, [film.moments for film in films])
    assert head.space == PLANS[plan].space
    assert score["R1@0.5"] >= (80 if name in BEST else 50)


def test_a_plan_gives_the_same_weights_every_time(monkeypatch):
    monkeypatch.setattr(shipped, "PLANS", {"made": Plan("made", 8, 16, films=4, steps=3)})
    first, second = (train_shipped("univtg", "made").head.weights() for _ in range(2))
    assert first == second != train_shipped("univtg", "made", seed=1).head.weights()


def test_films_of_pairs_hold_some_back_for_those_who_ask():
    plan = PLANS["made_pairs"]
    shown = {plan.made(i).query.text for i in range(40)}
    asked = {plan.made(UNSEEN + i).query.text for i in range(40)}
    assert not shown & asked


def test_what_nobody_planned_is_refused():
    with pytest.raises(UnknownNameError, match="conse"):
        train_shipped("univtg", "consé")
