from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import BipartiteMerge, Pool3d, Uniform
from vtk_notebooks.errors import UnknownNameError, VtkError


def film(t=8, h=2, w=3):
    x = torch.arange(t * h * w).float()[:, None].view(t, h, w, 1)
    return Tokens.from_grid(x, torch.arange(t) / 2)


def frames_of(tokens):
    return tokens.kept().flatten(1).any(1).nonzero().squeeze(1).tolist()


def test_a_quarter_of_the_frames_is_the_middle_of_every_four():
    assert frames_of(Uniform(0.25)(film())) == [2, 6]


def test_kept_frames_are_kept_whole():
    out = Uniform(0.25)(film())
    assert out.x[:, 0].tolist() == [*range(12, 18), *range(36, 42)]


def test_tokens_may_be_counted_instead_of_frames():
    assert Uniform(0.25, axis="tokens")(film()).x[:, 0].tolist() == [*range(2, 48, 4)]


def test_the_smallest_budget_keeps_the_middle_frame():
    assert frames_of(Uniform(1e-6)(film())) == [4]


def test_frames_that_an_earlier_stage_merged_away_are_not_counted():
    still = Tokens.from_grid(torch.ones(8, 1, 1, 2), torch.arange(8) / 2)
    one = BipartiteMerge(0.125, scope="clip")(still)
    assert len(Uniform(0.5)(one)) == 1


@given(t=st.integers(1, 20), h=st.integers(1, 5), w=st.integers(1, 5), k=st.integers(1, 7))
def test_frames_of_a_pool_whose_windows_differ_are_kept_whole(t, h, w, k):
    pooled = Pool3d((k, 3, 3))(film(t, h, w))
    frames = -(-t // k)
    whole = max(1, round(0.5 * frames)) * (len(pooled) // frames)
    assert len(Uniform(0.5)(pooled)) == whole


@given(t=st.integers(1, 40), keep=st.floats(0.01, 1))
def test_kept_frames_are_evenly_spread(t, keep):
    kept = frames_of(Uniform(keep)(film(t=t, h=1, w=1)))
    steps = [b - a for a, b in pairwise(kept)]
    assert not steps or max(steps) - min(steps) <= 1
    assert abs(kept[0] - (t - 1 - kept[-1])) <= 1  # as much left out before as behind


@pytest.mark.parametrize("keep", [0.0, -0.5, 1.01])
def test_an_impossible_part_is_refused(keep):
    with pytest.raises(VtkError, match=r"keep in \(0, 1\]"):
        Uniform(keep)


def test_an_unknown_axis_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'frames'"):
        Uniform(axis="frame")
