from typing import Any

import matplotlib.colors as mc
import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import timelines
from vtk_notebooks.figures.palette import PREDICTION, TRUTH
from vtk_notebooks.moment import Moment

TRUE = [Moment(2.0, 4.0)]
ANSWERS = {
    "ours": [Moment(2.0, 4.0), Moment(6.0, 7.0, 0.5)],
    "late": [Moment(3.0, 5.0)],
    "silent": [],
}


def the_axis(fig):
    return next(ax for ax in fig.axes if ax.get_xlabel() == "Time (s)")


def bars(ax) -> list[Any]:
    """Row, start and end, colour of each bar."""
    out = []
    for c in ax.collections:
        box = c.get_paths()[0].get_extents()
        out.append((int(box.y0), (box.x0, box.x1), mc.to_hex(c.get_edgecolor()[0]).upper()))
    return out


def test_each_model_has_a_row_under_the_truth(whole):
    fig = timelines(ANSWERS, TRUE, 10.0)
    ax = the_axis(fig)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Truth", "ours", "late", "silent"]
    assert (0, (2.0, 4.0), TRUTH) in bars(ax)
    assert (1, (2.0, 4.0), PREDICTION) in bars(ax)
    assert (2, (3.0, 5.0), PREDICTION) in bars(ax)
    assert not [b for b in bars(ax) if b[0] == 3]
    assert ax.get_xlim() == (0, 10)
    whole(fig)


def test_the_overlap_of_each_first_answer_stands_at_its_end():
    said = [t.get_text() for t in the_axis(timelines(ANSWERS, TRUE, 10.0)).texts]
    assert said == ["IoU", "1.00", "0.33", "none"]
    assert not the_axis(timelines(ANSWERS)).texts  # nothing to meet


def test_only_the_first_answer_is_filled_and_most_says_how_many():
    ax = the_axis(timelines(ANSWERS, (), 10.0))
    drawn: list[Any] = list(ax.collections)
    faces = [mc.to_hex(c.get_facecolor()[0]).upper() for c in drawn]
    assert faces.count(PREDICTION) == 2
    assert len(faces) == 3
    assert len(the_axis(timelines(ANSWERS, (), 10.0, most=1)).collections) == 2


def test_the_film_gives_pictures_and_length(clip):
    fig = timelines(ANSWERS, TRUE, clip=clip, frames=3)
    assert the_axis(fig).get_xlim() == (0, clip.duration_s)
    assert sum(bool(ax.images) for ax in fig.axes) == 3
    assert the_axis(timelines(ANSWERS)).get_xlim() == (0, 7.0)  # the last end


def test_hostile_and_long_names_stay_inside(whole):
    whole(timelines({"$x$ WWWWWWWWWWWWWWWWWWWWWWWWWWW\n": TRUE, "b": []}, TRUE, 5.0))


def test_nothing_is_refused():
    with pytest.raises(VtkError, match="one or more models"):
        timelines({})
    with pytest.raises(VtkError, match="duration"):
        timelines({"silent": []})
