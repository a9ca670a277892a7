import numpy as np
import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import attention_on_frames


def overlay(ax):
    return np.asarray(ax.images[1].get_array())


def pictures(fig):
    return [ax for ax in fig.axes if ax.images]


def test_on_top_stand_the_pictures_below_them_a_row_for_each_word(looks, clip, whole):
    fig = attention_on_frames(looks, clip, frames=[2, 3])
    top, words = pictures(fig)[:2], pictures(fig)[2:]
    assert all(len(ax.images) == 1 for ax in top)
    assert np.array_equal(np.asarray(top[1].images[0].get_array()), clip.frames[3])
    assert len(words) == 4
    assert [t.get_text() for t in fig.texts if t.get_text()] == ["<t20>", "there"]
    assert [ax.get_xlabel() for ax in words] == ["", "", "1.0 s", "1.5 s"]
    whole(fig)


def test_the_cell_that_is_looked_at_is_dark_and_the_others_are_clear(looks, clip):
    fig = attention_on_frames(looks, clip, frames=[2, 3])
    before, there = (overlay(ax) for ax in pictures(fig)[2:4])
    assert there.shape == (2, 4, 4)
    assert there[1, 1, 3] > 0.8  # as opaque as it gets
    assert there[1, 1, :3].mean() < 0.3
    there[1, 1, 3] = 0
    assert not there[..., 3].any()
    assert not before[..., 3].any()


def test_pictures_below_are_grey_so_that_only_attention_has_a_colour(looks, clip):
    for ax in pictures(attention_on_frames(looks, clip, frames=[1]))[1:]:
        image = np.asarray(ax.images[0].get_array())
        assert (image == image[..., :1]).all()


def test_all_words_share_the_scale_at_the_side(looks, clip):
    fig = attention_on_frames(looks, clip, frames=[3])
    scale = fig.axes[-1]
    assert scale.get_ylabel() == "Attention (% a cell)"
    assert scale.get_ylim() == (0, 75)
    assert overlay(pictures(fig)[2])[..., 3].max() < 0.1  # the second word is spread thin


def test_cells_lie_where_the_view_says(looks, clip):
    fig = attention_on_frames(looks, clip, frames=[3], view=(0.25, 0.0, 0.75, 1.0))
    assert pictures(fig)[1].images[1].get_extent() == [0.25, 0.75, 1.0, 0.0]


@pytest.mark.parametrize("width_mm", [77.0, 181.8])
def test_it_fits_a_column_and_a_page(looks, clip, whole, width_mm):
    whole(attention_on_frames(looks, clip, width_mm=width_mm))


def test_what_is_not_there_is_refused(looks, clip):
    with pytest.raises(VtkError, match="a name for each"):
        attention_on_frames(looks, clip, words=["one"])
    with pytest.raises(VtkError, match="from 0 to 7"):
        attention_on_frames(looks, clip, frames=[8])
    with pytest.raises(VtkError, match="room"):
        attention_on_frames(looks, clip, width_mm=40.0, frames=[0] * 8)
