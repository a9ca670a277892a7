import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from vtk_notebooks import build
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.generation.av_align import AvAlign, local_maxima, matches, peaks_of
from vtk_notebooks.video.sound import Waveform

TIMES = st.lists(st.integers(0, 40).map(lambda k: k / 10), max_size=8)


def film(jumps_s, clicks_s, rate_hz=20, length_s=3.0):
    """A ball that jumps at some times, and a sound that clicks at others."""
    times_s = np.arange(int(length_s * rate_hz)) / rate_hz
    frames = np.full((len(times_s), 48, 64, 3), 40, np.uint8)
    for k, t in enumerate(times_s):
        # it swells first, so that one of its frames moves most
        there = sum(t >= s for s in jumps_s) * 6 + sum(2 for s in jumps_s if t >= s + 1 / rate_hz)
        frames[k, 16:28, 8 + there : 20 + there] = 220
    t = np.arange(int(length_s * 22050)) / 22050
    rings = [np.where(t >= s, np.sin(2e4 * (t - s)) * np.exp(-60 * (t - s)), 0) for s in clicks_s]
    sound = Waveform(np.sum(rings, axis=0).astype(np.float32), 22050)
    return Clip(frames, times_s, Origin("made", length_s)), sound


def score(*clip):
    heard, seen, rate = peaks_of(*film(*clip))
    return AvAlign()([heard], [seen], [rate])["AV-Align"]


def test_a_film_that_moves_when_it_sounds_scores_one_and_one_that_moves_later_nothing():
    assert score((0.6, 1.5, 2.4), (0.6, 1.5, 2.4)) == 1
    assert score((0.6, 1.5, 2.4), (0.9, 1.8, 2.7)) == 0


def test_two_of_three_matches_are_worth_a_half():
    assert score((0.6, 1.5, 2.4), (0.6, 1.5, 2.0)) == 0.5


def test_a_peak_is_matched_once():
    assert build("metric", "av_align")([[1.0, 1.04]], [[1.02]], [25])["AV-Align"] == 0.5


def test_a_whole_frame_apart_is_too_far():
    assert AvAlign().iou([1.0], [1.5], 2) == 0
    assert AvAlign().iou([1.0], [1.49], 2) == 1


def test_a_clip_in_which_nothing_happens_is_worth_what_was_agreed():
    assert AvAlign()([[], [1.0]], [[], [1.0]], [25, 25])["AV-Align"] == 0.5
    assert AvAlign(empty=1.0).iou([], [], 25) == 1
    assert AvAlign(empty=1.0).iou([1.0], [], 25) == 0


@given(TIMES, TIMES, st.floats(0.05, 2.0))
def test_greedy_matching_finds_as_many_pairs_as_the_best_one(heard, seen, within):
    pairs = matches(heard, seen, within)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    assert all(abs(heard[a] - seen[b]) < within for a, b in pairs)
    near = np.abs(np.subtract.outer(np.array(heard), np.array(seen))) < within
    rows, columns = linear_sum_assignment(~near)
    assert len(pairs) == near[rows, columns].sum()


@given(TIMES, TIMES, st.integers(-20, 20), st.integers(0, 99))
def test_neither_order_nor_roles_nor_the_start_of_the_clock_matter(heard, seen, shift, seed):
    draw, rate = np.random.default_rng(seed), 3.0
    once = AvAlign().iou(heard, seen, rate)
    assert 0 <= once <= 1
    assert AvAlign().iou(seen, heard, rate) == once
    a, b = (draw.permutation(t).tolist() for t in (heard, seen))
    assert AvAlign().iou(a, b, rate) == once
    a, b = ([t + shift / 4 for t in times] for times in (heard, seen))
    assert AvAlign().iou(a, b, rate) == once


def test_a_maximum_is_above_both_neighbours_and_not_too_small():
    x = np.array([0.9, 0.05, 0.0, 0.2, 0.1, 0.3, 0.3, 0.1, 0.5, 0.4, 0.0, 0.09, 0.0, 0.9])
    assert np.flatnonzero(local_maxima(x)).tolist() == [3, 8]


def test_a_film_needs_three_frames_to_have_a_peak():
    clip, sound = film((0.1,), (0.1,), rate_hz=2, length_s=1.0)
    with pytest.raises(VtkError, match="three or more frames"):
        peaks_of(clip, sound)


def test_every_clip_needs_a_rate():
    with pytest.raises(VtkError, match="a rate for each clip"):
        AvAlign()([[1.0]], [[1.0]], [])
