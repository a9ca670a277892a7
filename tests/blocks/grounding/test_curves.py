from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.blocks.grounding.curves import maximal_segments, moments_of, runs_of, stretch


def film(frames, step_s=1.0, duration_s=None):
    return Tokens.from_grid(
        torch.zeros(frames, 1, 1, 2), torch.arange(frames) * step_s, duration_s, space="made"
    )


def by_recursion(gain, first, stop):
    """The definition: the best segment, then likewise left and right of it."""
    best, at = 0.0, None
    for i in range(first, stop):
        for j in range(i + 1, stop + 1):
            total = sum(gain[i:j])
            if total > best:
                best, at = total, (i, j)
    if at is None:
        return []
    return [*by_recursion(gain, first, at[0]), at, *by_recursion(gain, at[1], stop)]


@given(gain=st.lists(st.integers(-20, 20), max_size=14), seed=st.integers(0, 99))
def test_the_segments_are_all_the_maximal_ones(gain, seed):
    noise = torch.rand(len(gain), generator=torch.Generator().manual_seed(seed)).double()
    gain = [g + 1e-3 * n for g, n in zip(gain, noise.tolist(), strict=True)]  # no two sums tie
    found = maximal_segments(torch.tensor(gain, dtype=torch.float64))
    assert found == by_recursion(gain, 0, len(gain))


@given(curve=st.lists(st.floats(-9, 9), min_size=1, max_size=20), level=st.floats(0, 0.99))
def test_moments_lie_in_the_film_apart_from_each_other_and_best_first(curve, level):
    tokens = film(len(curve), 0.5)
    found = moments_of(torch.tensor(curve), tokens, "", level=level)
    assert 1 <= len(found) <= 5
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    spans = sorted((m.start_s, m.end_s) for m in found)
    assert all(0 <= a < b <= tokens.duration_s for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))


def test_a_step_is_found_where_it_is_and_scored_by_its_mean():
    [moment] = moments_of(torch.tensor([0.0, 0.0, 0.9, 0.7, 0.0, 0.0]), film(6), "a step")
    assert (moment.start_s, moment.end_s, moment.text) == (2, 4, "a step")
    assert moment.score == pytest.approx(0.8)


def test_a_frame_without_a_value_counts_like_its_nearest_neighbour():
    nan = float("nan")
    [moment] = moments_of(torch.tensor([0.0, 0.0, 0.9, nan, nan, 0.0]), film(6), "")
    assert (moment.start_s, moment.end_s) == (2, 4)


def test_where_nothing_stands_out_the_whole_film_is_the_moment_and_where_nothing_is_there_is_none():
    [moment] = moments_of(torch.full((4,), 0.3), film(4), "")
    assert (moment.start_s, moment.end_s) == (0, 4)
    assert moments_of(torch.full((4,), float("nan")), film(4), "") == []


def test_a_longer_frame_weighs_more_in_the_mean_that_the_threshold_stands_on():
    curve = torch.tensor([0.0, 0.5, 1.0])
    tokens = Tokens.from_grid(
        torch.zeros(3, 1, 1, 2), torch.tensor([0.0, 1.0, 2.0]), 12.0, space="made"
    )
    [moment] = moments_of(curve, tokens, "", level=0.0)
    assert (moment.start_s, moment.end_s) == (2, 12)


def test_frames_reach_to_the_end_of_the_film():
    assert stretch(film(4, duration_s=3.4), 2, 4) == (2, pytest.approx(3.4))


@given(seed=st.integers(0, 99), level=st.floats(0, 0.99), frames=st.integers(1, 12))
def test_runs_of_a_batch_are_those_one_finds_by_hand(seed, level, frames):
    draw = torch.Generator().manual_seed(seed)
    curve = torch.rand(2, frames + 2, generator=draw)
    lengths = [frames, frames + 2]
    mask = torch.arange(frames + 2) < torch.tensor(lengths)[:, None]
    ends = torch.rand(2, frames + 2, generator=draw).add(0.1).cumsum(1)
    clips = torch.stack([torch.nn.functional.pad(ends[:, :-1], (1, 0)), ends], -1)
    spans, scores = runs_of(curve, mask, clips, level)
    for row, long in enumerate(lengths):
        lasts = clips[row, :long].diff(dim=1)[:, 0]
        c = curve[row, :long]
        mean = (c * lasts).sum() / lasts.sum()
        inside = (c >= mean.lerp(c.max(), level)).tolist()
        for at in range(long):
            first = last = at
            while inside[at] and first > 0 and inside[first - 1]:
                first -= 1
            while inside[at] and last < long - 1 and inside[last + 1]:
                last += 1
            run = slice(first, last + 1)
            expected = (c[run] * lasts[run]).sum() / lasts[run].sum() if inside[at] else 0.0
            assert spans[row, at].tolist() == [clips[row, first, 0], clips[row, last, 1]]
            assert scores[row, at].item() == pytest.approx(float(expected), abs=1e-5)
        assert not scores[row, long:].any()
