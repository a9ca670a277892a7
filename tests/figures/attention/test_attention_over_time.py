import numpy as np
import pytest
from matplotlib.patches import StepPatch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import attention_over_time
from vtk_notebooks.moment import Moment

TRUTH, SAID = [Moment(1.0, 2.5)], [Moment(0.5, 2.0)]


def curves(fig):
    return [p for p in fig.axes[-1].patches if isinstance(p, StepPatch)]


def shaded(fig):
    """First and last second of what is shaded, from the back to the front."""
    spans = [p for p in fig.axes[-1].patches if not isinstance(p, StepPatch)]
    boxes = [p.get_extents().transformed(fig.axes[-1].transData.inverted()) for p in spans]
    return [(round(b.x0, 6), round(b.x1, 6)) for b in boxes]


def test_each_word_is_a_curve_of_percent_over_the_seconds_of_its_frames(looks, clip):
    first, second = curves(attention_over_time(looks, clip))
    values, edges_s, _ = first.get_data()
    assert values.tolist() == [0, 0, 0, 75, 0, 0, 0, 0]
    assert edges_s.tolist() == [*clip.times_s, clip.duration_s]
    assert second.get_data()[0] == pytest.approx(np.full(8, 50 / 8))
    assert first.get_edgecolor() != second.get_edgecolor()
    assert first.get_linestyle() != second.get_linestyle()  # they differ in grey, too


def test_true_and_said_moments_lie_behind_in_their_own_looks(looks, clip):
    fig = attention_over_time(looks, clip, TRUTH, SAID)
    assert shaded(fig) == [(1.0, 2.5), (0.5, 2.0)]
    truth, said = (p for p in fig.axes[-1].patches if not isinstance(p, StepPatch))
    assert truth.get_zorder() < said.get_zorder() < curves(fig)[0].get_zorder()
    assert said.get_hatch()
    assert not truth.get_hatch()


def test_the_legend_names_what_can_be_seen_and_no_more(looks, clip):
    def names(*args, **more):
        fig = attention_over_time(looks, clip, *args, **more)
        return [text.get_text() for text in fig.legends[0].get_texts()]

    assert names() == ["<t20>", "there"]
    assert names(TRUTH, SAID) == ["<t20>", "there", "true moment", "said moment"]
    assert names(labels=["start", "place"]) == ["start", "place"]


def test_pictures_stand_above_on_the_same_seconds(looks, clip):
    fig = attention_over_time(looks, clip, frames=4)
    assert [len(ax.images) for ax in fig.axes] == [1, 1, 1, 1, 0]
    assert fig.axes[-1].get_xlim() == (0, clip.duration_s)
    assert [len(ax.images) for ax in attention_over_time(looks, clip, frames=0).axes] == [0]


def test_nothing_is_cut_or_overlaps(looks, clip):
    fig = attention_over_time(looks, clip, TRUTH, SAID, width_mm=84.0)
    fig.draw_without_rendering()
    box, foot = fig.axes[-1].get_tightbbox(), fig.legends[0].get_window_extent()
    assert box is not None
    assert box.x0 >= 0
    assert box.x1 <= fig.bbox.width
    assert -1 <= foot.y0 < foot.y1 <= box.y0
    assert foot.x1 <= fig.bbox.width


def test_a_word_without_a_label_is_refused(looks, clip):
    with pytest.raises(VtkError, match="1 for 2 words"):
        attention_over_time(looks, clip, labels=["start"])
