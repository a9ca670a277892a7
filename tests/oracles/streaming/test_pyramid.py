"""The pyramid memory bank of VideoChat-Online, as its released code keeps it."""

import pytest
import torch
from einops import rearrange

from vtk_notebooks.streaming.memory.pyramid import PyramidMemory
from vtk_notebooks.streaming.remembering import remember, remembered
from vtk_notebooks.tokens import Tokens


@pytest.fixture
def case(oracle):
    read = oracle("reference_values/pyramid.npz")
    return {name: torch.from_numpy(value) for name, value in read.items()}


@pytest.fixture
def expected(oracle):
    return oracle("reference_values/mechanism_vectors_expected.json")["pyramid"]


@pytest.fixture
def film(case):
    frames = rearrange(case["frames"], "t d h w -> t h w d")
    return Tokens.from_grid(frames, torch.arange(len(frames)) / 1)


def test_the_banks_hold_the_frames_of_the_authors_code_after_each_frame(film, expected):
    memory = PyramidMemory(capacity=tuple(expected["caps"]))
    seen = [memory.banks for _ in remembered(memory, film)]
    assert seen == expected["groups_after_each_frame"]


def test_the_tokens_are_those_of_the_authors_code(film, case, expected):
    out = remember(PyramidMemory(capacity=tuple(expected["caps"])), film, chunk=40)
    torch.testing.assert_close(out.x, case["out"][0])
    frame = (out.edges[:, 1] // 16)[out.edges[:, 0].diff(prepend=torch.tensor([-1])) > 0]
    numbers, lengths = frame.unique_consecutive(return_counts=True)
    assert numbers.tolist() == expected["final_indices"] == case["indices"].tolist()
    assert lengths.tolist() == expected["final_lens"] == case["lens"].tolist()
    assert len(out) == expected["total_tokens"]
    assert PyramidMemory(capacity=(3, 4, 5)).most((4, 4)) == expected["upper_bound"]
