import numpy as np
import pytest
from matplotlib.patches import Rectangle

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import word_time
from vtk_notebooks.moment import Moment

TRUTH, SAID = [Moment(1.0, 2.5)], [Moment(0.5, 2.0)]


def the_map(fig):
    return next(ax for ax in fig.axes if ax.get_xlabel() == "Time (s)")


def test_a_row_is_a_word_and_a_column_is_a_frame_in_percent(looks, clip, whole):
    fig = word_time(looks, clip)
    ax = the_map(fig)
    (mesh,) = ax.collections
    values = np.asarray(mesh.get_array()).reshape(2, 8)
    assert values[0].tolist() == [0, 0, 0, 75, 0, 0, 0, 0]
    assert values[1] == pytest.approx(np.full(8, 50 / 8))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["<t20>", "there"]
    assert ax.yaxis_inverted()
    assert ax.get_xlim() == (0, clip.duration_s)
    whole(fig)


def test_what_went_elsewhere_stands_at_the_end_of_the_row(looks, clip):
    said = [t.get_text() for t in the_map(word_time(looks, clip)).texts]
    assert said == ["25%", "50%", "elsewhere"]


def test_true_and_said_moments_frame_all_rows_and_differ_without_colour(looks, clip):
    fig = word_time(looks, clip, TRUTH, SAID)
    frames = [p for p in the_map(fig).patches if isinstance(p, Rectangle)]
    spans = {(p.get_x(), p.get_x() + p.get_width()): p for p in frames}
    assert set(spans) == {(1.0, 2.5), (0.5, 2.0)}
    assert len({p.get_linestyle() for p in frames}) == 2
    assert all((p.get_y(), p.get_height()) == (-0.5, 2) for p in frames)
    names = [t.get_text() for t in fig.legends[0].get_texts()]
    assert names == ["true moment", "said moment"]
    assert not word_time(looks, clip).legends


def test_pictures_stand_over_their_seconds_and_may_be_left_out(looks, clip):
    fig = word_time(looks, clip, frames=4)
    ax = the_map(fig)
    pictures = [a for a in fig.axes if a.images]
    assert len(pictures) == 4
    assert pictures[0].get_position().x0 == pytest.approx(ax.get_position().x0, abs=0.003)
    assert not [a for a in word_time(looks, clip, frames=0).axes if a.images]


@pytest.mark.parametrize("width_mm", [83.3, 181.8])
def test_it_fits_a_column_and_a_page(looks, clip, whole, width_mm):
    whole(word_time(looks, clip, TRUTH, SAID, width_mm=width_mm))


def test_each_word_has_its_name_and_there_is_room(looks, clip):
    with pytest.raises(VtkError, match="a name for each"):
        word_time(looks, clip, words=["one"])
    with pytest.raises(VtkError, match="Go wider"):
        word_time(looks, clip, width_mm=50.0)
