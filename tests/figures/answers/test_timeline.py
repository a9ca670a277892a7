from dataclasses import replace
from typing import Any

import matplotlib.colors as mc
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.patches import StepPatch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import timeline
from vtk_notebooks.figures.palette import PREDICTION, SALIENCY, TRUTH
from vtk_notebooks.moment import Moment

GAP = float("nan")


def colour(mark: Any, part="edge"):
    """The colour of a drawn thing, as our palette writes it."""
    return mc.to_hex(getattr(mark, f"get_{part}color")()).upper()


def rows(fig, name):
    """Axes of bars with that name."""
    return [ax for ax in fig.axes if name in [t.get_text() for t in ax.get_yticklabels()]]


def bars(ax):
    """(start, end, collection) of each bar, in seconds, as they were drawn."""
    found = [c for c in ax.collections if isinstance(c, PolyCollection)]
    spans = [c.get_paths()[0].get_extents() for c in found]
    return [(round(s.x0, 6), round(s.x1, 6), c) for s, c in zip(spans, found, strict=True)]


def curves(fig):
    found = [(ax, p) for ax in fig.axes for p in ax.patches if isinstance(p, StepPatch)]
    return [p for _, p in found], [ax for ax, _ in found]


def test_the_axis_is_seconds_of_the_whole_film(make_run, merged):
    fig = timeline(make_run(merged))
    assert fig.axes[-1].get_xlabel() == "Time (s)"
    assert fig.axes[-1].get_xlim() == (0.0, 4.0)
    assert [ax.get_xlabel() for ax in fig.axes[:-1]] == [""] * (len(fig.axes) - 1)


def test_saliency_is_a_curve_of_steps_in_its_colour(make_run, merged):
    run = make_run(merged)
    (curve,), (ax,) = curves(timeline(run))
    values, edges, _ = curve.get_data()
    assert values == pytest.approx(run.saliency.numpy())
    assert edges.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]
    assert colour(curve) == SALIENCY
    assert ax.get_ylabel() == "Saliency"


def test_where_no_token_is_left_the_curve_has_a_gap(make_run, merged):
    saliency = [0.1, 0.2, GAP, GAP, 0.3, 0.4, GAP, 0.5]
    (curve,), _ = curves(timeline(make_run(merged, saliency=saliency)))
    pieces = [np.array(p) for p in curve.get_path().to_polygons(closed_only=False)]
    assert [(p[:, 0].min(), p[:, 0].max()) for p in pieces] == [(0, 1), (2, 3), (3.5, 4)]


def test_gaps_do_not_stretch_the_scale(make_run, merged):
    _, (ax,) = curves(timeline(make_run(merged, saliency=[5.0, 6.0, GAP, GAP, 5.0, 6.0, 5.0, 6.0])))
    assert ax.get_ylim() == pytest.approx((4.9, 6.1))


def test_a_film_without_any_token_left_is_drawn_empty(make_run, merged):
    fig = timeline(make_run(merged, saliency=[GAP] * 8, moments=()))
    fig.draw_without_rendering()
    assert bars(rows(fig, "Predicted")[0]) == []


def test_moments_are_bars_from_start_to_end_the_best_one_filled(make_run, merged):
    fig = timeline(make_run(merged), truth=[Moment(0.5, 2.0)])
    (start, end, best), (_, _, second) = bars(rows(fig, "Predicted")[0])
    assert (start, end) == (1.0, 2.5)
    assert colour(best, "face") == PREDICTION
    assert colour(second, "face") != PREDICTION
    assert colour(second) == PREDICTION
    assert best.get_zorder() > second.get_zorder()
    ((start, end, true),) = bars(rows(fig, "Truth")[0])
    assert (start, end) == (0.5, 2.0)
    assert colour(true) == TRUTH


def test_truth_and_prediction_differ_in_grey_too(make_run, merged):
    fig = timeline(make_run(merged), truth=[Moment(0.5, 2.0)])
    (_, _, true), (_, _, best) = bars(rows(fig, "Truth")[0])[0], bars(rows(fig, "Predicted")[0])[0]
    assert true.get_hatch()
    assert not best.get_hatch()


def test_only_so_many_moments_are_shown(make_run, merged):
    many = [Moment(i / 4, i / 4 + 1, 1 - i / 10) for i in range(6)]
    assert len(bars(rows(timeline(make_run(merged, moments=many)), "Predicted")[0])) == 3
    fig = timeline(make_run(merged, moments=many), most=1)
    assert len(bars(rows(fig, "Predicted")[0])) == 1


def test_without_truth_there_is_no_row_for_it(make_run, merged):
    fig = timeline(make_run(merged))
    assert rows(fig, "Truth") == []
    assert "truth" not in [t.get_text() for t in fig.legends[0].get_texts()]


def test_shot_cuts_run_through_every_row(make_run, merged):
    fig = timeline(make_run(merged), cuts_s=[1.25, 3.0], frames=0)
    for ax in fig.axes:
        dotted = [line for line in ax.lines if line.get_linestyle() != "-"]
        assert [np.asarray(line.get_xdata())[0] for line in dotted] == [1.25, 3.0]


def test_runs_have_their_own_curves_and_names_on_one_scale(make_run, merged, selected):
    runs = [make_run(merged, name="a $"), make_run(selected, saliency=[5.0] * 8)]
    found, axes = curves(timeline(runs))
    assert len(found) == 2
    assert axes[0].get_ylim() == axes[1].get_ylim()
    assert axes[0].get_ylim()[1] > 5
    assert axes[0].get_title(loc="left") == "a $, 16 tokens"


def test_pictures_stand_above_their_seconds(make_run, merged, clip):
    fig = timeline(make_run(merged), frames=4)
    pictures = [ax for ax in fig.axes if ax.images]
    axis = fig.axes[-1].get_position()
    for number, ax in enumerate(pictures):
        middle = ax.get_position().x0 + ax.get_position().width / 2
        time_s = (middle - axis.x0) / axis.width * 4.0
        assert time_s == pytest.approx(number + 0.5)
        assert np.array_equal(np.asarray(ax.images[0].get_array()), clip.frames[2 * number + 1])


@pytest.mark.parametrize("width_mm", [83.3, 174.6])
@pytest.mark.parametrize("frames", [0, 3, None])
def test_the_page_is_used_and_nothing_sticks_out(make_run, merged, width_mm, frames):
    runs = [make_run(merged), make_run(merged, name="other")]
    fig = timeline(runs, [Moment(1.0, 2.0)], cuts_s=[1.0], frames=frames, width_mm=width_mm)
    fig.draw_without_rendering()
    everything = fig.get_tightbbox()
    assert fig.width_mm == pytest.approx(width_mm)
    assert everything.x0 >= -0.01
    assert everything.x1 <= fig.get_figwidth() + 0.01
    assert -0.01 <= everything.y0 < 0.08
    seconds = fig.axes[-1].xaxis.label.get_window_extent()
    gap_mm = (seconds.y0 - fig.legends[0].get_window_extent().y1) / fig.dpi * 25.4
    assert 0 <= gap_mm < 2.5
    assert fig.get_figheight() - 0.1 < everything.y1 <= fig.get_figheight() + 0.01


def test_runs_of_two_films_do_not_share_an_axis(make_run, merged, clip):
    other = replace(make_run(merged), clip=replace(clip, times_s=clip.times_s + 0.1))
    with pytest.raises(VtkError, match="runs of 2 films"):
        timeline([make_run(merged), other])
    with pytest.raises(VtkError, match="runs of 0 films"):
        timeline([])
