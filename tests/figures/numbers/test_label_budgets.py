from typing import Any

import numpy as np
import pytest

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.figures import label_budgets
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.training import Budget


def budget(labels, noise, value, low, high):
    return Budget(labels, noise, {"mIoU": Estimate(value, 9, (low, high))})


BUDGETS = [
    budget("full", 0.5, 60.0, 50.0, 65.0),
    budget("full", 0.0, 80.0, 70.0, 85.0),
    budget("glance", 0.0, 55.0, 45.0, 60.0),
    budget("none", 0.0, 25.0, 20.0, 30.0),
]


def test_each_budget_is_a_line_over_noise_with_its_intervals():
    ax: Any = label_budgets(BUDGETS).axes[0]
    full, glance = ax.containers
    line, _, (bars,) = full.lines
    assert np.asarray(line.get_data()).T.tolist() == [[0.0, 80.0], [0.5, 60.0]]
    ends = [segment[:, 1].tolist() for segment in bars.get_segments()]
    assert ends == [[70.0, 85.0], [50.0, 65.0]]
    assert line.get_marker() != glance.lines[0].get_marker()


def test_nothing_told_is_a_line_across_with_its_interval_behind():
    fig = label_budgets(BUDGETS)
    ax: Any = fig.axes[0]
    (across,) = [line for line in ax.lines if list(line.get_xdata()) == [0, 1]]
    assert list(across.get_ydata()) == [25.0, 25.0]
    (band,) = fig.axes[0].patches
    box = band.get_extents().transformed(fig.axes[0].transData.inverted())
    assert (box.y0, box.y1) == pytest.approx((20.0, 30.0))
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["full", "glance", "none"]


def test_nothing_is_cut(uncut):
    fig = label_budgets(BUDGETS)
    uncut(fig)


def test_no_budgets_and_unknown_scores_are_refused():
    with pytest.raises(VtkError, match="one or more budgets"):
        label_budgets([])
    with pytest.raises(UnknownNameError, match="mIoU"):
        label_budgets(BUDGETS, score="mIoo")
