from typing import Any

import matplotlib.colors as mc
import pytest

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.figures import tradeoff
from vtk_notebooks.figures.numbers.ablation import ablation
from vtk_notebooks.figures.points import points_of
from vtk_notebooks.figures.provenance import read_provenance, save
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.sweep import Row, Sweep

HOSTILE = "a very long name of a recipe with $x$ and <b>, that goes on and on and on"
NAMES = ("all", "half", HOSTILE)


def sweep_of(*qualities, names=NAMES):
    """Eight films; the more a recipe squeezes, the fewer tokens it has."""
    rows = [
        Row(name, f"film {k}", "q", {"iou": q + 0.01 * (k % 4), "tokens": 64 / 2**i, "score": q})
        if q is not None
        else Row(name, f"film {k}", "q", error="no")
        for i, (name, q) in enumerate(zip(names, qualities, strict=False))
        for k in range(8)
    ]
    stages = [(), "uniform", (Part("bipartite_merge", {"keep": 0.25}),)]
    recipes = {n: Recipe(stages=s) for n, s in zip(names, stages, strict=False)}
    return Sweep(dict(list(recipes.items())[: len(qualities)]), tuple(rows), names[0], len(rows))


def texts(fig):
    return [t.get_text() for t in fig.axes[0].texts]


def marks(fig) -> list[Any]:
    return [line for line in fig.axes[0].lines if line.get_marker() == "o"]


def test_every_recipe_has_its_mean_and_its_difference_beside_its_mark():
    fig = ablation(sweep_of(0.6, 0.5, 0.6))
    said = texts(fig)
    assert said[:4] == ["all", "0.615", "reference", ""]
    assert said[4:8] == ["half", "0.515", "-0.1 [-0.1, -0.1]", "0.016"]
    assert [m.get_xdata()[0] for m in marks(fig)] == pytest.approx([-0.1, 0.0], abs=1e-9)
    assert [m.get_ydata()[0] for m in marks(fig)] == [1, 2]
    assert fig.axes[0].get_xlabel() == "Difference in IoU"


def test_what_may_be_chance_has_an_open_mark():
    sure, chance = marks(ablation(sweep_of(0.6, 0.5, 0.6)))
    assert mc.to_hex(sure.get_markerfacecolor()) != "#ffffff"
    assert mc.to_hex(chance.get_markerfacecolor()) == "#ffffff"


def test_another_reference_stands_first():
    fig = ablation(sweep_of(0.6, 0.5), reference="half", number="tokens")
    assert texts(fig)[0] == "half"
    assert marks(fig)[0].get_xdata()[0] == 32
    assert fig.axes[0].get_xlabel() == "Difference in tokens"


@pytest.mark.parametrize("width_mm", [100.0, 174.6])
def test_nothing_sticks_out_or_meets(width_mm):
    fig = ablation(sweep_of(0.6, 0.5, 0.123456), width_mm=width_mm)
    fig.draw_without_rendering()
    box = fig.get_tightbbox()
    assert box.x0 >= -0.01
    assert box.x1 <= fig.get_figwidth() + 0.01
    assert box.y0 >= -0.01
    assert box.y1 <= fig.get_figheight() + 0.01
    room = fig.axes[0].get_window_extent()
    for text in fig.axes[0].texts:
        extent = text.get_window_extent()
        assert extent.width == 0 or extent.x1 <= room.x0 or extent.x0 >= room.x1
    boxes = [t.get_window_extent() for t in fig.axes[0].texts if t.get_text()]
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(VtkError, match="two recipes"):
        ablation(sweep_of(0.6))
    with pytest.raises(VtkError, match="two recipes"):
        ablation(sweep_of(0.6, None))
    with pytest.raises(VtkError, match="100 mm"):
        ablation(sweep_of(0.6, 0.5), width_mm=80.0)
    with pytest.raises(UnknownNameError, match="Did you mean 'half'"):
        ablation(sweep_of(0.6, 0.5), reference="hlaf")
    assert "no answers" in texts(ablation(sweep_of(0.6, None, 0.5)))


def test_a_sweep_is_a_trade_off_with_intervals():
    sweep = sweep_of(0.6, 0.5, 0.4)
    points = points_of(sweep, "tokens", "iou")
    assert [p.numbers["tokens"] for p in points] == [64, 32, 16]
    mean = sweep.means("iou")["half"]
    assert points[1].error == (float(mean) - mean.low, mean.high - float(mean))
    assert [p.baseline for p in points] == [True, True, False]
    fig = tradeoff(sweep)
    assert fig.axes[0].get_ylabel() == "IoU"
    drawn: list[Any] = list(fig.axes[0].containers)
    bars = [c.lines[2][0].get_segments() for c in drawn if c.has_yerr]
    ends = sorted(segment[:, 1].tolist() for found in bars for segment in found)
    known = sorted([m.low, m.high] for m in sweep.means("iou").values())
    assert [e for pair in ends for e in pair] == pytest.approx([e for p in known for e in p])


def test_a_recipe_that_answered_nothing_is_no_point():
    assert len(points_of(sweep_of(0.6, None, 0.4), "tokens", "iou")) == 2


def test_the_file_says_which_sweep_it_shows(tmp_path):
    sweep = sweep_of(0.6, 0.5, 0.4)
    path = save(ablation(sweep), tmp_path / "f.pdf", sweep=sweep, command="draw")
    said = read_provenance(path)["sweep"]
    assert said["recipes"][HOSTILE]["stages"][0]["name"] == "bipartite_merge"
    assert (said["rows"], said["errors"], len(said["films"])) == (24, 0, 8)
    other = save(ablation(sweep), tmp_path / "g.pdf", sweep=sweep_of(0.6, 0.5, 0.41))
    assert read_provenance(other)["sweep"]["address"] != said["address"]


def test_no_word_lies_on_another_whatever_the_numbers(whole):
    rows = [
        Row(name, f"film {k}", "q", {"iou": 0.4 + 0.0035 * k * scale, "tokens": 1, "score": 0.1})
        for name, scale in (("all", 1), ("half", -2.3), ("third", 3.7))
        for k in range(8)
    ]
    sweep = Sweep(
        {n: Recipe(seed=i) for i, n in enumerate(("all", "half", "third"))}, tuple(rows), "all", 24
    )
    whole(ablation(sweep))
    whole(ablation(sweep, width_mm=120.0))
