import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.streaming.replies import LiveDecoder

SILENCE = [0.9, 0.73, 0.72, 0.5, 0.99, 0.4]
OTHER = [0.05, 0.2, 0.2, 0.4, 0.0, 0.45]


def spoken(theta, rows):
    told = [LiveDecoder(theta).decide(row, float(i)) for i, row in enumerate(rows)]
    return {i for i, d in enumerate(told) if d.speak}


def made(silence, other):
    """Logits of silence, one strong word, and many weak ones."""
    rest = (1 - silence - other) / 100
    return torch.tensor([silence, other, *[rest] * 100]).clamp_min(1e-12).log()


ROWS = [made(*pair) for pair in zip(SILENCE, OTHER, strict=True)]


@pytest.mark.parametrize(
    ("theta", "expected"),
    [(0.0, {5}), (0.725, {2, 3, 5}), (0.95, {0, 1, 2, 3, 5}), (1.5, {0, 1, 2, 3, 4, 5})],
)
def test_silence_below_theta_is_ruled_out(theta, expected):  # values of the released rule
    assert spoken(theta, ROWS) == expected


def test_silence_that_is_just_sure_enough_is_kept():
    even = torch.zeros(4)
    assert not LiveDecoder(0.25).decide(even, 0.0).speak
    assert LiveDecoder(0.2501).decide(even, 0.0).speak


@given(
    logits=st.lists(st.floats(-20, 20), min_size=2, max_size=6),
    thetas=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted),
)
def test_who_speaks_at_a_low_theta_speaks_at_a_higher_one(logits, thetas):
    low, high = (LiveDecoder(t).decide(torch.tensor(logits), 0.0) for t in thetas)
    assert high.speak or not low.speak
    assert low.score == high.score


def test_any_token_may_be_the_one_that_says_nothing():
    row = ROWS[3][[1, 0, 2, 3]]
    assert not LiveDecoder(0.5).decide(row, 0.0, silence=1).speak
    assert LiveDecoder(0.5).decide(row, 0.0, silence=2).speak


def test_bad_logits_and_parameters_are_refused():
    for bad in (torch.tensor([0.0, math.nan]), torch.tensor([math.inf, 0.0])):
        with pytest.raises(VtkError, match="numbers"):
            LiveDecoder().decide(bad, 0.0)
    for silence in (-1, 102):
        with pytest.raises(VtkError, match="silence"):
            LiveDecoder().decide(ROWS[0], 0.0, silence=silence)
    with pytest.raises(VtkError, match="time"):
        LiveDecoder().decide(ROWS[0], 0.0, LiveDecoder().decide(ROWS[0], 0.0))
    with pytest.raises(VtkError, match="theta"):
        LiveDecoder(-0.1)
