"""Moment timeline: moments, curves and maps over one axis, and spans of one's own."""

import numpy as np
import pytest
from traitlets import TraitError

from vtk_notebooks import data
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_widgets import MomentTimeline, Track

MINE = [Moment(2.0, 3.5, text="lands"), Moment(0.5, 1.0)]


def row(timeline, name):
    return next(track for track in timeline.tracks if track["name"] == name)


def test_the_curve_is_little_endian_float32_with_its_holes(run):
    curve = np.frombuffer(row(MomentTimeline.of(run), "saliency")["values"], "<f4")
    assert curve == pytest.approx([0.1, 0.2, np.nan, 0.4, 0.5, 0.6], nan_ok=True)


def test_the_curve_travels_as_a_buffer_since_json_has_no_nan(run):
    from ipywidgets.widgets.widget import _remove_buffers

    _, paths, buffers = _remove_buffers(MomentTimeline.of(run).get_state())
    assert paths == [["tracks", 1, "values"], ["tracks", 1, "times"]]
    assert [len(buffer) for buffer in buffers] == [4 * 6, 8 * 6]


def test_moments_keep_their_order_score_and_text(run):
    timeline = MomentTimeline.of(run, truth=[Moment(1.0, 2.0, text="really")])
    assert timeline.moments == [
        Moment(1.0, 3.0, 0.9, "</script><b>bold</b>"),
        Moment(0.0, 0.5, 0.1),
    ]
    assert timeline.truth == [Moment(1.0, 2.0, 1.0, "really")]
    assert [track["name"] for track in timeline.tracks] == ["truth", "predicted", "saliency"]


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


def test_several_runs_have_a_row_and_a_curve_each_and_names_of_their_own(run):
    rows = [track["name"] for track in MomentTimeline.of([run, run]).tracks]
    label = "merge keep=0.5"
    assert rows == [label, "saliency", f"{label} (2)", "saliency"]


def test_moments_of_models_without_runs_can_be_shown_by_name():
    timeline = MomentTimeline.of({"A": [Moment(1.0, 2.0)], "B": []}, [Moment(3.0, 5.0)])
    assert [track["name"] for track in timeline.tracks] == ["truth", "A", "B"]
    assert timeline.duration_s == 5.0  # as far as anything reaches
    assert repr(timeline) == "MomentTimeline('', 1 moments of 2 models)"
    assert MomentTimeline.of({"A": []}, duration_s=9.0).duration_s == 9.0


def test_what_is_neither_a_run_nor_moments_is_refused(run):
    # beartype is stricter than users meet: it refuses the wrong element before we can
    with pytest.raises((VtkError, TypeError), match="Moment"):
        MomentTimeline.of([Moment(0.0, 1.0)])  # pyright: ignore[reportArgumentType]
    with pytest.raises(VtkError, match="runs, or moments by name"):
        MomentTimeline.of([])


def test_a_map_keeps_its_rows_and_may_have_times_of_its_own(run):
    heat = np.arange(6, dtype=float).reshape(2, 3)
    track = Track("time tokens", heat=heat, times_s=[0, 1, 2])
    sent = row(MomentTimeline.of(run, tracks=[track]), "time tokens")
    assert (sent["kind"], sent["rows"]) == ("heat", 2)
    assert np.frombuffer(sent["values"], "<f4").tolist() == heat.ravel().tolist()
    assert np.frombuffer(sent["times"], "<f8").tolist() == [0, 1, 2]


def test_a_track_that_does_not_fit_its_times_is_refused(run):
    with pytest.raises(VtkError, match="a value for each of 6 times"):
        MomentTimeline.of(run, tracks=[Track("odd", curve=[1.0, 2.0])])
    with pytest.raises(VtkError, match="one of moments, curve and heat"):
        Track("both", moments=[], curve=[1.0])


def test_shots_lie_between_the_cuts():
    spans = Track.shots([2.0, 1.0, 9.0], 3.0).moments
    assert [(shot.start_s, shot.end_s) for shot in spans or ()] == [(0, 1), (1, 2), (2, 3)]


def test_spans_of_ones_own_are_moments_by_the_time_they_start(run):
    assert not MomentTimeline.of(run).editing
    timeline = MomentTimeline.of(run, edit=MINE)
    assert timeline.editing
    assert timeline.edited == [MINE[1], MINE[0]]
    timeline.set_state({"edits": [{"start_s": 1, "end_s": 2, "score": 1, "text": "seen"}]})
    assert timeline.edited == [Moment(1.0, 2.0, 1.0, "seen")]


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("edits", [{"start_s": 2.0, "end_s": 1.0, "score": 1.0, "text": ""}]),
        ("edits", [{"start_s": 2.0}]),
        ("view", (3.0, 1.0)),
        ("view", ("a", "b")),
        ("tracks", [3]),
        ("times_s", ["now"]),
    ],
)
def test_values_that_mean_nothing_are_refused_in_python(run, trait, value):
    with pytest.raises(TraitError):
        setattr(MomentTimeline.of(run), trait, value)


def test_qvhighlights_gets_a_line_for_each_text(run, tmp_path):
    timeline = MomentTimeline.of(run, edit=MINE, film="abc")
    back = data.read(timeline.export(tmp_path / "mine.jsonl"), "qvhighlights", strict=True)
    assert [(s.text, s.film, s.duration_s) for s in back.samples] == [
        ("when?", "abc", 4.0),
        ("lands", "abc", 4.0),
    ]
    assert [s.moments for s in back.samples] == [(Moment(0.5, 1.0),), (Moment(2.0, 3.5),)]


def test_charades_gets_a_line_for_each_span(run, tmp_path):
    timeline = MomentTimeline.of(run, edit=MINE, film="my film")
    path = timeline.export(tmp_path / "mine.txt", "charades_sta")
    assert path.read_text() == "my_film 0.5 1.0##when?\nmy_film 2.0 3.5##lands\n"


def test_other_moments_can_be_exported_but_never_none(run, tmp_path):
    timeline = MomentTimeline.of(run, truth=[Moment(1.0, 2.0)])
    path = timeline.export(tmp_path / "t.txt", "charades_sta", timeline.truth)
    assert path.read_text() == "made 1.0 2.0##when?\n"
    with pytest.raises(VtkError, match="one or more spans"):
        timeline.export(tmp_path / "none.txt")
    with pytest.raises(VtkError, match="charades_sta"):
        timeline.export(tmp_path / "t.csv", "csv", timeline.truth)


def test_a_page_shows_what_was_edited(run, tmp_path):
    text = MomentTimeline.of(run, edit=MINE).to_html(tmp_path / "page.html").read_text()
    assert '"text":"lands"' in text
