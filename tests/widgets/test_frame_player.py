"""Frame player: frames as they were shown, and which of them the model saw."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

from vtk_notebooks.clip import Clip, Origin
from vtk_widgets import FramePlayer
from vtk_widgets.parts.film.pictures import end_s, frames_at


def test_frames_travel_as_jpeg_buffers_not_as_json(clip):
    from ipywidgets.widgets.widget import _remove_buffers

    _, paths, buffers = _remove_buffers(FramePlayer.of(clip).get_state())
    assert [["frames", i] for i in range(6)] == paths
    assert all(bytes(b[:3]) == b"\xff\xd8\xff" for b in buffers)


def test_frames_keep_their_picture_and_their_order(clip):
    shown = [np.asarray(Image.open(io.BytesIO(f))) for f in FramePlayer.of(clip).frames]
    assert [round(float(frame.mean()) / 40) for frame in shown] == [0, 1, 2, 3, 4, 5]


def test_times_are_presentation_times_never_index_over_rate(clip):
    assert FramePlayer.of(clip).times_s == [0.0, 0.1, 0.5, 1.0, 1.1, 3.0]


def test_pictures_shrink_to_the_width_asked_for_and_are_never_enlarged(clip):
    small, large = FramePlayer.of(clip, max_width=18), FramePlayer.of(clip, max_width=500)
    assert (small.width, small.height) == (18, 12)
    assert (large.width, large.height) == (36, 24)
    assert Image.open(io.BytesIO(small.frames[0])).size == (18, 12)
    assert Image.open(io.BytesIO(large.frames[0])).size == (36, 24)


def test_the_model_saw_every_frame_unless_said_otherwise(clip):
    assert FramePlayer.of(clip).seen_s == FramePlayer.of(clip).times_s
    fewer = Clip(clip.frames[::2], clip.times_s[::2], clip.origin)
    assert FramePlayer.of(clip, seen=fewer).seen_s == [0.0, 0.5, 1.1]
    assert FramePlayer.of(clip, seen=[0.2, 3.0]).seen_s == [0.2, 3.0]


def test_the_film_ends_where_it_says_or_a_median_step_after_its_last_frame(clip):
    assert end_s(clip) == 4.0
    unknown = replace(clip, origin=Origin("made", duration_s=0.0))
    assert end_s(unknown) == pytest.approx(3.4)
    assert end_s(Clip(clip.frames[:1], np.array([2.0]), unknown.origin)) == 3.0


def test_a_clip_of_one_frame_plays_for_a_second(clip):
    one = Clip(clip.frames[:1], clip.times_s[:1], Origin("one", duration_s=0.0))
    assert FramePlayer.of(one).duration_s == 1.0


def test_the_frame_at_a_time_is_the_last_one_whose_time_has_come(clip):
    assert frames_at(clip, [0.0, 0.09, 0.1, 0.4999999, 2.0, 99.0, -1.0]).tolist() == [
        *(0, 0, 1, 2, 4, 5, 0)
    ]


@pytest.mark.parametrize(("trait", "value"), [("frames", ["text"]), ("times_s", ["now"])])
def test_wrong_types_are_refused_in_python(clip, trait, value):
    with pytest.raises(TraitError):
        setattr(FramePlayer.of(clip), trait, value)
