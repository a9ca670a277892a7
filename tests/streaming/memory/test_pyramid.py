from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.streaming import remember, remembered
from vtk_notebooks.streaming.memory.pyramid import PyramidMemory
from vtk_notebooks.tokens import Tokens


def film(x):
    return Tokens.from_grid(x, torch.arange(len(x)) / 1)


def noise(t, h=4, w=4, d=3, seed=0):
    return torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))


def frames(out):
    """Number of each token's frame."""
    _, h, w = out.grid
    return (out.edges[:, 1] // (h * w)).tolist()


def test_an_early_frame_shrinks_and_is_not_lost():  # the paper's claim
    memory = PyramidMemory(capacity=(1, 1, 8))
    out = remember(memory, film(noise(9)))
    assert memory.banks == [[8], [0], [1, 2, 3, 5, 6, 7]]
    assert out.mass().tolist()[:4] == [4] * 4  # frame 0 came in 16 tokens and has 4


def test_256_64_and_16_tokens_a_frame():
    memory = PyramidMemory()
    assert memory.most((16, 16)) == 64 * (256 + 64 + 16)
    assert len(remember(memory, film(noise(5, 16, 16)))) == 256 + 64 + 3 * 16


def test_of_two_alike_the_earlier_leaves():
    x = noise(6)
    x[3] = x[2] + 1e-3
    memory = PyramidMemory(capacity=(2, 2, 3))
    for _ in remembered(memory, film(x)):
        pass
    assert memory.banks[2] == [1, 3, 5]


def test_a_frame_that_is_handed_down_pushes_one_out_but_hands_none_down():
    memory = PyramidMemory(capacity=(1, 1, 3), intervals=(1, 1, 1))
    states = []
    for _ in remembered(memory, film(noise(4))):
        states.append(memory.banks)
    assert states == [[[0], [], []], [[1], [0], []], [[2], [1], []], [[3], [2], []]]


def test_a_frame_twice_shrunk_is_the_mean_of_what_it_was():
    memory, x = PyramidMemory(capacity=(1, 1, 9), intervals=(4, 2, 1)), noise(9)
    out = remember(memory, film(x))
    assert memory.banks == [[8], [4], [1, 3, 5, 0, 7]]
    torch.testing.assert_close(out.x[0], x[0].mean((0, 1)))
    pooled = x[4].view(2, 2, 2, 2, 3).mean((1, 3)).view(4, 3)
    torch.testing.assert_close(out.x[out.edges[frames(out).index(4), 0] :][:4], pooled)


@given(capacity=st.tuples(*[st.integers(1, 4)] * 3), t=st.integers(1, 40), seed=st.integers(0, 9))
def test_no_bank_is_ever_too_full_and_no_frame_is_there_twice(capacity, t, seed):
    memory = PyramidMemory(capacity=capacity)
    out = remember(memory, film(noise(t, seed=seed)))
    assert all(len(bank) <= n for bank, n in zip(memory.banks, capacity, strict=True))
    held = sorted(number for bank in memory.banks for number in bank)
    assert len(set(held)) == len(held)
    assert t - 1 in held
    assert all(a <= b for a, b in pairwise(frames(out)))
    assert sorted(set(frames(out))) == held


def test_of_a_pair_of_equal_frames_the_earlier_goes():
    memory = PyramidMemory(capacity=(2, 2, 2))
    remember(memory, film(noise(1).expand(30, -1, -1, -1)))
    assert memory.banks == [[16, 24], [8, 28], [20, 29]]


def test_a_side_that_a_pool_does_not_divide_is_rounded_up():
    out = remember(PyramidMemory(), film(noise(2, 5, 3)))
    assert len(out) == 15 + 2 * 1
    assert PyramidMemory().most((5, 3)) == 64 * (15 + 6 + 2)


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"capacity": (64, 0, 64)}, "1 or more"),
        ({"intervals": (8, 4, 2)}, "last interval 1"),
        ({"pools": (1, 2)}, "per bank"),
        ({"capacity": (), "pools": (), "intervals": ()}, "per bank"),
    ],
)
def test_banks_that_cannot_be_are_refused(wrong, match):
    with pytest.raises(VtkError, match=match):
        PyramidMemory(**wrong)
