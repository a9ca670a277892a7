import colorsys
import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps
from matplotlib.collections import LineCollection

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import keep_map
from vtk_notebooks.figures.cells import FADE, borders, painted
from vtk_notebooks.figures.strip import evenly, shrunk

SHAPES = nps.array_shapes(min_dims=2, max_dims=2, max_side=6)
OWNERS = nps.arrays(np.int64, SHAPES, elements=st.integers(-1, 5))


def pictures(fig):
    return [np.asarray(ax.images[0].get_array()) for ax in fig.axes]


def lines(ax):
    found = [c for c in ax.collections if isinstance(c, LineCollection)]
    return sum(len(c.get_segments()) for c in found)


def said(fig):
    return [t.get_text() for t in fig.texts]


def test_each_run_is_a_row_of_frames_below_the_bare_ones(make_run, merged, selected):
    fig = keep_map([make_run(merged), make_run(selected)], frames=4)
    assert len(fig.axes) == 3 * 4
    assert all(len(ax.images) == 1 for ax in fig.axes)
    assert len(keep_map(make_run(merged), frames=4, film=False).axes) == 4


def test_bare_frames_are_the_films_own(make_run, merged, clip):
    fig = keep_map(make_run(merged), frames=[0, 5])
    assert np.array_equal(pictures(fig)[0], clip.frames[0])
    assert np.array_equal(pictures(fig)[1], clip.frames[5])


def test_times_stand_once_in_seconds_below_rows_of_the_same_frames(make_run, merged, selected):
    fig = keep_map([make_run(merged), make_run(selected)], frames=[1, 5])
    assert [ax.get_xlabel() for ax in fig.axes] == ["", "", "", "", "0.5 s", "2.5 s"]


def test_another_film_brings_its_own_frames_and_times(make_run, merged, clip):
    other = make_run(merged)
    other = replace(other, clip=replace(clip, frames=clip.frames[::-1].copy()))
    fig = keep_map([make_run(merged), other], frames=2)
    assert len(fig.axes) == 2 * 2 * 2
    assert sum(ax.get_xlabel() != "" for ax in fig.axes) == 2 * 2


@pytest.mark.parametrize("width_mm", [83.3, 139.7, 174.6])
def test_the_figure_is_as_wide_as_asked_and_nothing_sticks_out(make_run, merged, width_mm):
    fig = keep_map(make_run(merged), width_mm=width_mm)
    fig.draw_without_rendering()
    assert fig.width_mm == pytest.approx(width_mm)
    everything = fig.get_tightbbox()  # inches
    assert everything.x0 >= -0.01
    assert everything.x1 <= fig.get_figwidth() + 0.01
    assert everything.y0 >= -0.01
    assert everything.y1 <= fig.get_figheight() + 0.01


def test_as_many_frames_as_can_be_read_are_shown(make_run, merged):
    assert len(keep_map(make_run(merged), film=False).axes) == 8
    assert len(keep_map(make_run(merged), film=False, width_mm=83.3).axes) == 3


def test_merged_cells_take_the_colour_of_their_token_and_lines_part_them(make_run, merged):
    fig = keep_map(make_run(merged), frames=[0], film=False, tint=1.0)
    left, right = (np.array(colorsys.hls_to_rgb(h / 360, 0.55, 0.65)) * 255 for h in (0, 137.508))
    picture = pictures(fig)[0]
    assert picture[3, 3] == pytest.approx(left, abs=1)
    assert picture[9, 30] == pytest.approx(right, abs=1)
    assert lines(fig.axes[0]) == 1  # one straight line through the middle


def test_a_token_keeps_its_colour_from_frame_to_frame(make_run, encoded):
    still = encoded.regroup(torch.arange(8).repeat(8))  # each place is one token throughout
    first, last = pictures(keep_map(make_run(still), frames=[0, 7], film=False, tint=1.0))
    assert np.array_equal(first, last)


def test_tokens_that_were_left_alone_leave_the_picture_alone(make_run, encoded, clip):
    fig = keep_map(make_run(encoded), frames=[3], film=False)
    assert np.array_equal(pictures(fig)[0], clip.frames[3])
    assert lines(fig.axes[0]) == 0
    assert not fig.legends


def test_dropped_cells_fade_to_grey_and_kept_ones_stay(make_run, selected, clip):
    fig = keep_map(make_run(selected), frames=[3], film=False)
    picture, frame = pictures(fig)[0], clip.frames[3]
    assert np.array_equal(picture[:9, :8], frame[:9, :8])
    grey = frame[17, 31] @ np.array([0.2126, 0.7152, 0.0722])
    assert picture[17, 31] == pytest.approx([grey + FADE * (255 - grey)] * 3, abs=1)
    assert lines(fig.axes[0]) > 0


def test_each_frame_shows_what_is_left_of_it(make_run, encoded, clip):
    first = encoded.select(torch.arange(8))  # all of the first frame, nothing of the others
    shown, faded = pictures(keep_map(make_run(first), frames=[0, 7], film=False))
    assert np.array_equal(shown, clip.frames[0])
    assert (faded >= 255 * FADE - 1).all()


def test_the_legend_explains_only_what_is_there(make_run, merged, selected):
    def explained(*tokens):
        fig = keep_map([make_run(t) for t in tokens], frames=2)
        return [t.get_text() for t in fig.legends[0].get_texts()]

    assert explained(merged) == ["merged: one colour per token"]
    assert explained(selected) == ["dropped"]
    assert explained(merged, selected) == ["merged: one colour per token", "dropped"]


def test_the_label_counts_tokens_and_owns_up_to_inexact_shares(make_run, merged):
    assert "16 of 64 (25%)" in said(keep_map(make_run(merged), frames=1))
    soft = replace(merged, kind="attn")
    assert "16 of 64 (25%), attn" in said(keep_map(make_run(soft), frames=1))


def test_hostile_names_are_shown_as_they_are(make_run, merged):
    fig = keep_map(make_run(merged, name="$\\frac{ & <b>", film="$a$"))
    fig.draw_without_rendering()
    assert "$a$" in said(fig)
    assert "$\\frac{ & <b>" in said(fig)


def test_pixels_that_the_encoder_never_saw_fade(clip):
    frame, owner = clip.frames[3], np.zeros((1, 1), dtype=int)
    seen = painted(frame, owner, np.array([False]), view=(0.25, 0.0, 0.75, 1.0))
    assert np.array_equal(seen[:, 8:24], frame[:, 8:24])
    assert (seen[:, :8].min(-1) >= 255 * FADE - 1).all()
    assert (seen[:, 24:].min(-1) >= 255 * FADE - 1).all()


@given(owner=OWNERS)
@settings(deadline=None)
def test_lines_are_as_long_as_the_edges_between_groups(owner):
    h, w = owner.shape
    ends = borders(owner, np.ones(6, dtype=bool)) * np.array([w, h])
    length = np.abs(ends[:, 1] - ends[:, 0]).sum()
    across, down = np.diff(owner, axis=1) != 0, np.diff(owner, axis=0) != 0
    assert length == pytest.approx(across.sum() + down.sum())


@given(owner=OWNERS)
@settings(deadline=None)
def test_lines_lie_between_cells_of_different_groups(owner):
    h, w = owner.shape
    for a, b in borders(owner, np.ones(6, dtype=bool)) * np.array([w, h]):
        steps = np.linspace(a, b, int(np.abs(b - a).sum()) + 1)
        for middle in (steps[1:] + steps[:-1]) / 2:
            aside = np.array([0.5, 0.0]) if a[0] == b[0] else np.array([0.0, 0.5])
            (x, y), (u, v) = (middle - aside).astype(int), (middle + aside).astype(int)
            assert owner[y, x] != owner[v, u]


def test_lines_keep_to_the_part_of_the_frame_that_was_seen():
    ends = borders(np.array([[0, 1]]), np.array([True, True]), view=(0.5, 0.0, 1.0, 0.5))
    assert ends.tolist() == [[[0.75, 0.0], [0.75, 0.5]]]


@given(total=st.integers(1, 200), count=st.integers(1, 40))
@settings(deadline=None)
def test_frames_are_spread_evenly_and_never_twice(total, count):
    picks = evenly(total, count)
    assert len(picks) == len(set(picks)) == min(total, count)
    edges = [i * total // len(picks) for i in range(len(picks) + 1)]
    assert all(a <= p < b for a, b, p in zip(edges, edges[1:], picks, strict=False))


@pytest.mark.parametrize("total", [16, 32, 64])
@pytest.mark.parametrize("step", [2, 4])
def test_frames_kept_at_regular_steps_are_neither_all_shown_nor_all_missed(total, step):
    for first in range(step):
        kept = [pick % step == first for pick in evenly(total, 8)]
        assert 1 <= sum(kept) <= 8 / step + 2


def test_long_labels_stay_beside_their_row(make_run, merged):
    long = make_run(replace(merged, kind="receptive"), name="a recipe with a very long name " * 3)
    fig = keep_map([long, long], frames=8, width_mm=83.3)  # frames lower than their labels
    fig.draw_without_rendering()
    frames_start = min(ax.get_window_extent().x0 for ax in fig.axes)
    boxes = [t.get_window_extent() for t in fig.texts]
    assert max(b.x1 for b in boxes) < frames_start
    for a, b in itertools.combinations(boxes, 2):
        assert not a.overlaps(b.padded(-1))


def test_large_frames_are_averaged_down_to_what_print_can_show():
    frame = np.random.default_rng(0).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    small = shrunk(frame, width_mm=25.4)
    assert 300 <= small.shape[1] < 2 * 300
    assert small.mean() == pytest.approx(frame.mean(), abs=1)
    assert shrunk(frame, width_mm=50.8).shape == (360, 640, 3)  # 600 dots would do
    assert shrunk(frame, width_mm=174.6).shape == frame.shape


@pytest.mark.parametrize("frames", [[], [8], [-1], 0])
def test_frames_that_are_not_there_are_refused(make_run, merged, frames):
    with pytest.raises(VtkError, match="frames expects"):
        keep_map(make_run(merged), frames=frames)


def test_frames_too_small_to_see_are_refused(make_run, merged):
    with pytest.raises(VtkError, match="Show fewer"):
        keep_map(make_run(merged), frames=8, width_mm=50.0)
    with pytest.raises(VtkError, match="at least one run"):
        keep_map([])
