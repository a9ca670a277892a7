"""Figures of small data: their files carry it, and only what was drawn."""

import torch

from vtk_notebooks.blocks.grounding.batch import Grounding
from vtk_notebooks.figures import (
    Point,
    Trace,
    ablation,
    attention_on_frames,
    candidate_map,
    error_breakdown,
    label_budgets,
    loss_curve,
    memory_over_time,
    misses,
    query_attention,
    read_provenance,
    remake,
    save,
    timelines,
    tradeoff,
    word_time,
)
from vtk_notebooks.heads import UniVTG
from vtk_notebooks.metrics.moments.misses import Misses
from vtk_notebooks.moment import Moment
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.store import Store
from vtk_notebooks.sweep import Row, Sweep
from vtk_notebooks.training import Budget, Trained, planted

FORMATS = ("pdf", "svg", "png")
TRUTH = [Moment(1.0, 2.0, text="a hat")]
FILM = planted(0, frames=8, width=8)


def sweep() -> Sweep:
    rows = [
        Row(n, f"film {k}", "q", {"iou": q + 0.03 * k, "tokens": c, "score": float("nan")})
        for n, q, c in (("all", 0.5, 64), ("half", 0.3, 32))
        for k in range(4)
    ]
    recipes = {"all": Recipe(), "half": Recipe(stages=Part("uniform", {"keep": 0.5}))}
    return Sweep(recipes, (*rows, Row("half", "film 9", "q", error="no")), "all", len(rows) + 1)


def data_figures(looks, clip):
    answers = {"ours": [Moment(1.0, 2.0)], "theirs": []}
    table = Misses().table([[Moment(0.0, 2.0)], []], [[Moment(0.0, 2.5)]] * 2)
    points = [Point("a", {"tokens": 2.0**k, "iou": k / 9}, error=(0.1, 0.2)) for k in range(4)]
    return {
        "tradeoff of a sweep": tradeoff(sweep()),
        "ablation of a sweep": ablation(sweep(), width_mm=150.0),
        "tradeoff of points": tradeoff(points, y="iou"),
        "timelines": timelines(answers, TRUTH, clip=clip),
        "word_time": word_time(looks, clip, TRUTH),
        "attention_on_frames": attention_on_frames(looks, clip, frames=(1, 3)),
        "misses": misses(table),
        "error_breakdown": error_breakdown({"ours": table}),
        "memory": memory_over_time({"ours": Trace((0.0, 1.0), (1, 2))}, budget_mb=3),
        "loss_curve": loss_curve(trained(), runs=2),
        "label_budgets": label_budgets(budgets(), width_mm=100.0),
        "query_attention": query_attention(heard(), FILM.tokens, FILM.moments, most=2),
        "candidate_map": candidate_map(heard(), FILM.tokens, said=TRUTH),
    }


def trained() -> Trained:
    head = UniVTG.new("made", 8, hidden=16)
    curve = {"total": [3.0, 2.0, 1.0], "span": [1.0, 0.5, 0.25]}
    return Trained(head, curve, {0: 3.0, 3: 1.5}, "done", {"span": 2.0})


def budgets() -> list[Budget]:
    score = Estimate.mean([0.2, 0.4, 0.9], scale=100)
    return [Budget("full", noise, {"mIoU": score}) for noise in (0.0, 0.5)]


def heard() -> Grounding:
    """What a head says whose features are far too many for a file."""
    draw = torch.Generator().manual_seed(0)
    looks = torch.rand(1, 3, 8, generator=draw, requires_grad=True)
    aux = {"attention": looks, "map": torch.rand(1, 8, 8, generator=draw)}
    aux |= {"features": torch.rand(1, 2**20, generator=draw)}
    spans = torch.tensor([[[0.0, 0.25], [0.5, 1.0], [-0.2, 1.2]]])
    return Grounding(spans, torch.tensor([[0.25, 0.9, 0.0]]), torch.zeros(1, 8), aux)


def test_a_figure_keeps_only_what_it_was_drawn_from():
    drawing = query_attention(heard(), FILM.tokens).drawing
    assert list(drawing.arguments["out"].aux) == ["attention"]
    assert len(drawing.arguments["tokens"]) == 0
    assert drawing.arguments["tokens"].ends_s().tolist() == FILM.tokens.ends_s().tolist()
    assert not hasattr(loss_curve(trained()).drawing.arguments["trained"], "head")


def test_figures_of_small_data_carry_them_and_come_back_byte_for_byte(looks, clip, tmp_path):
    for name, fig in data_figures(looks, clip).items():
        for kind in FORMATS:
            path = save(fig, tmp_path / f"a.{kind}", models=["vtk-tiny@00"])
            again = remake(path, tmp_path / f"b.{kind}", store=Store(tmp_path / "none"))
            assert again.same, (name, kind, again.changes)


def test_a_figure_of_a_sweep_has_its_recipes_films_and_questions_inside(tmp_path):
    said = read_provenance(save(tradeoff(sweep()), tmp_path / "a.pdf"))["sweep"]
    assert list(said["recipes"]) == ["all", "half"]
    assert said["films"] == [*(f"film {k}" for k in range(4)), "film 9"]
    assert (said["queries"], said["reference"], said["errors"]) == (["q"], "all", 1)
