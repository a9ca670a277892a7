from typing import Any

import matplotlib.colors as mc
import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import error_breakdown
from vtk_notebooks.figures.answers.misses import LOOKS
from vtk_notebooks.metrics.moments.misses import Misses
from vtk_notebooks.moment import Moment

TRUTH = Moment(0.0, 20.0)


def table(hits, late, none):
    answers = [[TRUTH]] * hits + [[Moment(40.0, 50.0)]] * late + [[]] * none
    return Misses().table(answers, [[TRUTH]] * len(answers))


def test_each_kind_has_its_part_of_the_bar_in_its_own_look(whole):
    fig = error_breakdown({"ours": table(2, 1, 1), "theirs": table(0, 4, 0)})
    patches: list[Any] = list(fig.axes[0].patches)
    ours = [p for p in patches if p.get_y() < 0.5]
    assert [(p.get_x(), p.get_width()) for p in ours] == [(0, 50), (50, 25), (75, 25)]
    assert mc.to_hex(ours[0].get_facecolor()) == mc.to_hex(LOOKS["hit"]["facecolor"])
    assert ours[1].get_hatch() == LOOKS["wrong place"]["hatch"]
    assert len(fig.axes[0].patches) == 4
    whole(fig)


def test_hits_stand_at_the_end_and_the_number_of_questions_by_the_name():
    fig = error_breakdown({"ours": table(2, 1, 1), "theirs": table(0, 4, 0)})
    assert [t.get_text() for t in fig.axes[0].texts] == ["50%", "0%", "Hits"]
    names = [t.get_text() for t in fig.axes[0].get_yticklabels()]
    assert names == ["ours\nn = 4", "theirs\nn = 4"]


def test_the_legend_names_what_can_be_seen():
    fig = error_breakdown({"ours": table(2, 0, 1)})
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["hit", "not found"]


def test_long_names_and_narrow_columns(whole):
    whole(error_breakdown({"WWWWWWWWWWWWWWWW": table(1, 1, 1), "b": table(3, 0, 0)}, width_mm=77.0))


def test_models_without_questions_are_refused():
    with pytest.raises(VtkError, match="with questions"):
        error_breakdown({})
