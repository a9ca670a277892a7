from typing import Any

import numpy as np
import pytest
import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import merge_groups
from vtk_notebooks.figures.tokens.merge_groups import spoken_for


@pytest.fixture
def lasting(encoded):
    """Token 0: the first cell in frames 2, 3 and 5; token 1: the rest of them; the others alone."""
    group = torch.arange(64) + 2
    for frame in (2, 3, 5):
        group[8 * frame] = 0
        group[8 * frame + 1 : 8 * frame + 8] = 1
    return encoded.regroup(group.unique(return_inverse=True)[1])


def times(fig):
    return [ax.get_xlabel() for ax in fig.axes]


def test_the_tokens_that_speak_for_most_come_first_with_their_size(make_run, lasting, whole):
    fig = merge_groups(make_run(lasting), most=2)
    said = [t.get_text() for t in fig.texts]
    assert said == ["1", "21 cells, 3 frames", "0", "3 cells, 3 frames"]
    whole(fig)


def test_each_token_is_shown_in_the_frames_it_is_in_and_no_others(make_run, lasting):
    assert times(merge_groups(make_run(lasting), [0])) == ["1.0 s", "1.5 s", "2.5 s"]
    assert times(merge_groups(make_run(lasting), [0], frames=1)) == ["1.0 s"]
    alone = merge_groups(make_run(lasting), [2])
    assert times(alone) == ["0.0 s"]
    assert [t.get_text() for t in alone.texts] == ["2", "1 cell"]


def test_its_cells_keep_their_pixels_and_the_others_fade(make_run, lasting, clip):
    run = make_run(lasting)
    assert spoken_for(run, 0).nonzero()[0].tolist() == [2, 3, 5]
    (ax, *_) = merge_groups(run, [0]).axes
    image, frame = np.asarray(ax.images[0].get_array()), clip.frames[2]
    assert np.array_equal(image[:9, :8], frame[:9, :8])  # the first of 2 x 4 cells
    assert (image[9:, 8:] >= frame[9:, 8:].min()).all()
    assert image[9:, 8:].min() > 255 * 0.6


def test_its_outline_goes_around_also_at_the_edge_of_the_picture(make_run, lasting):
    (ax, *_) = merge_groups(make_run(lasting), [0]).axes
    outline: Any = ax.collections[0]
    ends = np.concatenate(outline.get_segments())
    assert ends.min(0).tolist() == pytest.approx([0, 0])
    assert ends.max(0).tolist() == pytest.approx([0.25, 0.5])


def test_blocks_that_do_not_fit_begin_a_new_row(make_run, lasting):
    fig = merge_groups(make_run(lasting), [0, 1], columns=4)
    tops = [round(ax.get_position().y1, 6) for ax in fig.axes]
    assert tops[0] == tops[2] > tops[3] == tops[5]


@pytest.mark.parametrize("tokens", [[99], [-1]])
def test_tokens_that_are_not_there_are_refused(make_run, lasting, tokens):
    with pytest.raises(VtkError, match="numbered from 0"):
        merge_groups(make_run(lasting), tokens)
    with pytest.raises(VtkError):
        merge_groups(make_run(lasting), most=0)
