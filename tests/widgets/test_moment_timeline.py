"""Moment timeline: true and predicted moments over the saliency curve."""

import numpy as np
import pytest
from traitlets import TraitError

from vtk_notebooks.moment import Moment
from vtk_widgets import MomentTimeline


def test_the_curve_is_little_endian_float32_with_its_holes(run):
    curve = np.frombuffer(MomentTimeline.of(run).saliency, "<f4")
    assert curve == pytest.approx([0.1, 0.2, np.nan, 0.4, 0.5, 0.6], nan_ok=True)


def test_the_curve_travels_as_a_buffer_since_json_has_no_nan(run):
    from ipywidgets.widgets.widget import _remove_buffers

    _, paths, buffers = _remove_buffers(MomentTimeline.of(run).get_state())
    assert paths == [["saliency"]]
    assert len(buffers[0]) == 4 * 6


def test_moments_keep_their_order_score_and_text(run):
    timeline = MomentTimeline.of(run, truth=[Moment(1.0, 2.0, text="really")])
    assert [m["start_s"] for m in timeline.moments] == [1.0, 0.0]
    assert timeline.moments[0] == {
        "start_s": 1.0,
        "end_s": 3.0,
        "score": 0.9,
        "text": "</script><b>bold</b>",
    }
    assert timeline.truth == [{"start_s": 1.0, "end_s": 2.0, "score": 1.0, "text": "really"}]


def test_the_axis_is_the_whole_film_and_the_steps_are_the_frames(run):
    timeline = MomentTimeline.of(run)
    assert timeline.duration_s == 4.0
    assert timeline.times_s == pytest.approx(run.clip.times_s.tolist())
    assert timeline.question == "when?"


def test_a_run_that_found_nothing_can_be_shown(run):
    run.moments = ()
    timeline = MomentTimeline.of(run)
    assert timeline.moments == timeline.truth == []
    assert repr(timeline) == "MomentTimeline('when?', 0 moments)"
    assert timeline.snapshot() is not None


def test_wrong_types_are_refused_in_python(run):
    with pytest.raises(TraitError):
        MomentTimeline.of(run).saliency = [0.1, 0.2]  # pyright: ignore[reportAttributeAccessIssue]
