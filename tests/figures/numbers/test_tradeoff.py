from typing import Any

import matplotlib.colors as mc
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.figures import Point, tradeoff
from vtk_notebooks.figures.numbers.tradeoff import FRONT
from vtk_notebooks.figures.palette import BASELINE
from vtk_notebooks.part import Part
from vtk_notebooks.statistics import pareto

COSTS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=12)


def points(series="ours", cost=(64, 128, 256, 512), quality=(0.2, 0.4, 0.5, 0.55), **more):
    pairs = zip(cost, quality, strict=True)
    return [Point(series, {"tokens": c, "iou": q}, **more) for c, q in pairs]


def drawn(fig) -> list[Any]:
    """The lines with their marks and intervals, series by series."""
    return list(fig.axes[0].containers)


def series(fig):
    """Label -> line, as the legend has them."""
    (legend,) = fig.legends
    names = [t.get_text() for t in legend.get_texts()]
    return dict(zip(names, legend.legend_handles, strict=True))


def ticks(ax):
    ax.figure.draw_without_rendering()
    low, high = ax.get_xlim()
    found = zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
    return [t.get_text() for at, t in found if low <= at <= high]


def test_axes_say_what_and_in_which_unit(make_run, merged):
    ax = tradeoff(points(), y="iou").axes[0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Tokens", "IoU")
    ax = tradeoff([make_run(merged)], x="seconds").axes[0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Time (s)", "Score of the best moment")
    ax = tradeoff([make_run(merged)], x="feature_mb").axes[0]
    assert ax.get_xlabel() == "Features (MB)"


def test_each_series_has_a_line_through_its_points_from_cheap_to_dear():
    fig = tradeoff(points(cost=(512, 64, 128, 256), quality=(4, 1, 2, 3)), y="iou")
    line = drawn(fig)[0].lines[0]
    assert line.get_xdata().tolist() == [64, 128, 256, 512]
    assert line.get_ydata().tolist() == [1, 2, 3, 4]


def test_series_differ_in_mark_and_dash_and_the_legend_names_them():
    fig = tradeoff(points("a") + points("b") + points("c $x$"), y="iou")
    assert list(series(fig)) == ["a", "b", "c $x$", FRONT]
    lines = [c.lines[0] for c in drawn(fig)]
    assert len({line.get_marker() for line in lines}) == 3
    assert len({str(line._dash_pattern) for line in lines}) == 3


def test_baselines_are_grey_and_come_last():
    fig = tradeoff(points("uniform", baseline=True) + points("ours"), y="iou")
    assert list(series(fig)) == ["ours", "uniform", FRONT]
    ours, grey = (c.lines[0].get_color() for c in drawn(fig))
    assert mc.to_hex(grey).upper() == BASELINE
    assert mc.to_hex(ours).upper() != BASELINE


def test_runs_of_one_mechanism_are_one_series_with_the_title_of_its_card(make_run, merged):
    def run(name, **params):
        return make_run(merged, stages=(Part(name, params),))

    runs = [run("bipartite_merge", keep=0.5), run("bipartite_merge", keep=0.25), run("uniform")]
    a, b, c = (Point.of(r) for r in runs)
    assert a.series == b.series != c.series
    assert a.series.startswith("Bipartite")
    assert (a.baseline, c.baseline) == (False, True)


def test_a_run_is_a_point_with_its_own_numbers_and_those_measured_of_it(make_run, merged):
    point = Point.of(make_run(merged), iou=0.6, error=0.1)
    assert point.series == "All tokens"
    assert point.error == 0.1
    assert point.numbers["tokens"] == 16
    assert point.numbers["kept"] == 25.0
    assert point.numbers["feature_mb"] == 16 * 6 * 4 / 1e6
    assert point.numbers["encode_s"] == 1.5
    assert point.numbers["compress_s"] == 0.25
    assert point.numbers["seconds"] == 1.75
    assert point.numbers["peak_mb"] == 8.0
    assert point.numbers["score"] == 0.75
    assert point.numbers["iou"] == 0.6


@given(costs=COSTS)
@settings(deadline=None)
def test_the_front_is_what_no_point_beats_in_both(costs):
    spots = np.array(costs, dtype=float)

    def beaten(c, q):
        return any((a <= c and b > q) or (a < c and b >= q) for a, b in costs)

    expected = sorted({(c, q) for c, q in costs if not beaten(c, q)})
    assert [tuple(s) for s in pareto(spots).tolist()] == expected


def test_the_front_runs_through_the_best_to_the_right_edge():
    worse = points("worse", quality=(0.1, 0.1, 0.1, 0.1))
    ax = tradeoff(points() + worse, y="iou").axes[0]
    front = ax.lines[-1]
    cost, quality = (np.asarray(v).tolist() for v in front.get_data())
    assert front.get_drawstyle() == "steps-post"
    assert quality == [0.2, 0.4, 0.5, 0.55, 0.55]
    assert cost[-1] == pytest.approx(ax.get_xlim()[1])


def test_costs_that_differ_much_are_shown_by_doubling():
    ax = tradeoff(points(), y="iou").axes[0]
    assert ax.get_xscale() == "log"
    assert {"64", "128", "256", "512"} <= set(ticks(ax))
    near = tradeoff(points(cost=(100, 120, 130, 140)), y="iou").axes[0]
    assert near.get_xscale() == "linear"
    assert tradeoff(points(), y="iou", log=False).axes[0].get_xscale() == "linear"
    assert "4,096" in ticks(tradeoff(points(cost=(512, 1024, 2048, 4096)), y="iou").axes[0])


def test_costs_of_zero_have_no_logarithm():
    free = points(cost=(0, 64, 128, 256))
    assert tradeoff(free, y="iou").axes[0].get_xscale() == "linear"
    with pytest.raises(VtkError, match="log=False"):
        tradeoff(free, y="iou", log=True)


def test_intervals_are_drawn_where_they_are_known():
    fig = tradeoff(points("a", error=0.05) + points("b"), y="iou")
    a, b = drawn(fig)
    (bars,) = a.lines[2]
    assert bars.get_segments()[0][:, 1].tolist() == pytest.approx([0.15, 0.25])
    assert not b.has_yerr


@pytest.mark.parametrize("high", [0.001, 1.0, 123456.0])
def test_no_number_is_cut_at_the_edge(high):
    many = points(cost=(10**6, 2 * 10**6, 4 * 10**6, 10**7), quality=(0, high / 3, high / 2, high))
    fig = tradeoff(many, y="iou")
    fig.draw_without_rendering()
    box = fig.axes[0].get_tightbbox()
    assert box is not None
    assert box.x0 >= 0
    assert box.x1 <= fig.bbox.width
    assert box.y1 <= fig.bbox.height
    foot = fig.legends[0].get_window_extent()
    assert foot.y1 <= box.y0
    assert foot.y0 >= -1


def test_what_cannot_be_drawn_is_refused(make_run, merged):
    with pytest.raises(VtkError, match="at least one result"):
        tradeoff([])
    with pytest.raises(VtkError, match="Leave that result out"):
        tradeoff([make_run(merged, moments=())])
    with pytest.raises(UnknownNameError, match="tokens"):
        tradeoff(points(), x="token", y="iou")
