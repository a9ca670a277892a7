from dataclasses import replace
from typing import Any

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import token_budget


def chain(run, tokens):
    return replace(run, stages=(*run.stages, replace(run.stages[-1], name="cut", tokens=tokens)))


def bars(ax) -> list[Any]:
    return [p for p in ax.patches if hasattr(p, "get_height")]


def test_bars_are_as_high_as_tokens_are_many(make_run, merged, selected, whole):
    fig = token_budget(chain(make_run(merged), selected))
    assert [b.get_height() for b in bars(fig.axes[0])] == [64, 16, 8]
    said = [t.get_text() for t in fig.axes[0].texts]
    assert said == ["64", "encode", "16 (25%)", "squeeze", "8 (12%)", "cut"]
    whole(fig)


def test_all_rows_have_one_scale_and_their_names(make_run, merged, whole):
    fig = token_budget([make_run(merged, name="a"), make_run(name="b")])
    assert [t.get_text() for t in fig.texts] == ["a", "b"]
    assert fig.axes[0].get_ylim() == fig.axes[1].get_ylim()
    assert fig.axes[0].get_xlim() == fig.axes[1].get_xlim()
    whole(fig)


def test_what_goes_on_joins_the_bars_and_what_is_lost_runs_out(make_run, merged):
    ax = token_budget(make_run(merged)).axes[0]
    lost, kept = sorted((p for p in ax.patches if not hasattr(p, "get_height")), key=_order)
    ends = [p.get_path().get_extents() for p in (lost, kept)]
    assert (ends[0].y0, ends[0].y1) == (16, 64)
    assert (ends[1].y0, ends[1].y1) == (0, 16)
    assert ends[1].x1 == bars(ax)[1].get_x()
    assert lost.get_hatch()  # told apart without colour
    nothing = token_budget(make_run(make_run().tokens)).axes[0]
    assert len([p for p in nothing.patches if not hasattr(p, "get_height")]) == 1


def _order(patch):
    return patch.get_zorder()


@pytest.mark.parametrize("width_mm", [77.0, 181.8])
def test_long_names_of_stages_stay_inside(make_run, merged, whole, width_mm):
    run = make_run(merged)
    stages = [replace(s, name="prompt_guided_pool kernel=(1,2,2) heads=16") for s in run.stages]
    whole(token_budget([replace(run, stages=tuple(stages))] * 2, width_mm=width_mm))


def test_no_runs_are_refused():
    with pytest.raises(VtkError, match="at least one run"):
        token_budget([])
