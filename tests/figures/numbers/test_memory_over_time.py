from typing import Any

import numpy as np
import pytest

from vtk_notebooks.cost import Cost
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import Trace, memory_over_time

TRACE = Trace((0.0, 1.0, 2.5), (0, 3_000_000, 1_000_000))


def test_a_trace_is_a_line_in_megabytes_over_seconds(whole):
    fig = memory_over_time({"ours": TRACE})
    ax = fig.axes[0]
    (line,) = ax.lines
    assert np.asarray(line.get_xdata()).tolist() == [0, 1, 2.5]
    assert np.asarray(line.get_ydata()).tolist() == [0, 3, 1]
    assert line.get_markevery() == [1]  # the peak
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Time (s)", "Memory above the start (MB)")
    assert ax.get_ylim()[0] == 0
    whole(fig)


def test_a_run_is_steps_of_the_peaks_of_its_stages(make_run, merged):
    run = make_run(merged)  # 1.5 s and 8 MB, then 0.25 s and 2 MB
    trace = Trace.of(run)
    assert trace.times_s == (0.0, 1.5, 1.75)
    assert trace.bytes == (8_000_000, 2_000_000, 2_000_000)
    (line,) = memory_over_time(run).axes[0].lines
    assert line.get_drawstyle() == "steps-post"


def test_what_was_metered_is_a_line_through_its_trace():
    trace = Trace.of(Cost(0.3, 5, [(0.0, 1), (0.2, 5), (0.3, 2)]))
    assert trace == Trace((0.0, 0.2, 0.3), (1, 5, 2))
    assert Trace.of(Cost()) == Trace((0.0,), (0,))


def test_lines_differ_without_colour_and_the_legend_names_them(make_run, merged):
    fig = memory_over_time([make_run(merged, name="a"), make_run(name="b")])
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["a", "b"]
    lines: list[Any] = list(fig.axes[0].lines)
    assert len({str(line.get_marker()) for line in lines}) == 2
    assert len({str(line._dash_pattern) for line in lines}) == 2


def test_a_budget_is_a_line_across_that_is_always_in_view(whole):
    fig = memory_over_time({"ours": TRACE}, budget_mb=10)
    assert [t.get_text() for t in fig.axes[0].texts] == ["10 MB"]
    assert fig.axes[0].get_ylim()[1] > 10
    whole(fig)


@pytest.mark.parametrize("trace", [((), ()), ((0.0,), (1, 2)), ((1.0, 0.0), (1, 2))])
def test_what_is_no_trace_is_refused(trace):
    with pytest.raises(VtkError, match="rising times"):
        Trace(*trace)
    with pytest.raises(VtkError, match="at least one trace"):
        memory_over_time({})
