from typing import Any

import matplotlib.colors as mc
import numpy as np
import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import misses
from vtk_notebooks.figures.answers.misses import LOOKS, iou_shares
from vtk_notebooks.metrics.moments.misses import KINDS, Misses, MissTable
from vtk_notebooks.moment import Moment

TRUTH = Moment(0.0, 20.0)
ANSWERS = {
    "hit": Moment(0.0, 12.0),  # exactly 0.6
    "too long": Moment(0.0, 50.0),  # exactly 0.4
    "too short": Moment(0.0, 6.0),  # exactly 0.3
    "wrong place": Moment(30.0, 40.0),
}


def table_of(*ends, truth=TRUTH) -> MissTable:
    """A question for each of these ends."""
    answers = [[ANSWERS[e]] if e in ANSWERS else [] for e in ends]
    return Misses().table(answers, [[truth]] * len(ends))


def bars(ax) -> dict[str, list[Any]]:
    """Rectangles by kind, told apart by their looks."""
    looks = {mc.to_hex(LOOKS[k]["edgecolor"]) + str(LOOKS[k].get("hatch")): k for k in KINDS}
    found: dict[str, list[Any]] = {}
    for patch in ax.patches:
        kind = looks[mc.to_hex(patch.get_edgecolor()) + str(patch.get_hatch())]
        found.setdefault(kind, []).append(patch)
    return found


def names(fig):
    return [t.get_text() for t in fig.legends[0].get_texts()]


def test_axes_say_what_and_in_which_unit():
    left, right = misses(table_of("hit")).axes
    assert (left.get_xlabel(), left.get_ylabel()) == ("IoU of the first answer", "Questions (%)")
    assert right.get_xlabel() == "Questions (%)"
    assert left.get_xlim() == (0, 1)
    assert right.get_xlim() == (0, 100)


def test_each_kind_has_its_share_at_its_iou():
    left = misses(table_of("hit", "hit", "too long", "not found")).axes[0]
    found = bars(left)
    assert set(found) == {"hit", "too long", "not found"}
    places = {k: [(round(b.get_x(), 9), b.get_height()) for b in v] for k, v in found.items()}
    assert places == {"hit": [(0.6, 50)], "too long": [(0.4, 25)], "not found": [(0.0, 25)]}


def test_an_iou_at_an_edge_belongs_to_the_bin_above():
    shares = iou_shares(table_of("hit", "too long", "too short", "wrong place"))
    at = {kind: int(np.flatnonzero(shares[k])[0]) for k, kind in enumerate(KINDS[:4])}
    assert at == {"hit": 6, "too long": 4, "too short": 3, "wrong place": 0}
    assert shares.sum() == 100


def test_kinds_at_one_iou_stand_on_each_other():
    left = misses(table_of("wrong place", "not found")).axes[0]
    found = bars(left)
    assert found["wrong place"][0].get_y() == 0
    assert found["not found"][0].get_y() == found["wrong place"][0].get_height() == 50


def test_every_length_has_a_full_bar_and_says_how_many_questions_it_is():
    answers = [[ANSWERS["hit"]], [], [Moment(0.0, 5.0)]]
    table = Misses().table(answers, [[TRUTH], [TRUTH], [Moment(0.0, 5.0)]])
    right: Any = misses(table).axes[1]
    assert [t.get_text() for t in right.get_yticklabels()] == [
        "up to 10 s\nn = 1", "10 to 30 s\nn = 2", "over 30 s\nn = 0",
    ]  # fmt: skip
    ends: dict[float, float] = {}
    for patch in right.patches:
        row = round(patch.get_y() + patch.get_height() / 2)
        ends[row] = max(ends.get(row, 0), patch.get_x() + patch.get_width())
    assert ends == {0: 100, 1: 100}
    assert right.get_ylim()[0] > right.get_ylim()[1]  # the shortest on top


def test_the_threshold_is_drawn_and_named():
    fig = misses(Misses(threshold=0.7).table([[TRUTH]], [[TRUTH]]))
    line: Any = fig.axes[0].lines[0]
    assert list(line.get_xdata()) == [0.7, 0.7]
    assert names(fig) == ["hit", "IoU 0.7"]


def test_the_legend_names_what_can_be_seen_from_best_to_worst():
    fig = misses(table_of(*reversed(KINDS)))
    assert names(fig) == [*KINDS, "IoU 0.5"]


def test_kinds_differ_in_grey_too():
    def grey(kind):
        light = mc.to_rgb(LOOKS[kind]["facecolor"]) @ np.array([0.299, 0.587, 0.114])
        return round(float(light), 1), LOOKS[kind].get("hatch")

    assert len({grey(kind) for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("width_mm", [77.0, 83.3, 174.6])
def test_the_page_is_used_and_nothing_sticks_out(width_mm):
    fig = misses(table_of(*KINDS), width_mm=width_mm)
    fig.draw_without_rendering()
    everything = fig.get_tightbbox()
    assert fig.width_mm == pytest.approx(width_mm)
    assert everything.x0 >= -0.01
    assert everything.x1 <= fig.get_figwidth() + 0.01
    assert everything.y0 >= -0.01
    assert everything.y1 <= fig.get_figheight() + 0.01
    boxes: list[Any] = [ax.get_tightbbox() for ax in fig.axes]
    left, right = boxes
    assert left.x1 < right.x0
    assert fig.legends[0].get_window_extent().y1 <= min(left.y0, right.y0)


def test_no_questions_make_no_figure():
    empty = np.zeros((0, 2))
    none = MissTable(empty, empty, empty[:, 0], np.zeros(0, int), np.zeros(0, int), ("any",), 0.5)
    with pytest.raises(VtkError, match="one or more questions"):
        misses(none)
