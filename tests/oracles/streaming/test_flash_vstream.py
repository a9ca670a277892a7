"""Flash-VStream's memories, as its released code computes them."""

import pytest
import torch
from einops import rearrange

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import save_kernel
from vtk_notebooks.blocks.streaming.clusters import weighted_k_means
from vtk_notebooks.streaming import remember
from vtk_notebooks.streaming.memory.star import AbstractAttention, StarMemory
from vtk_notebooks.tokens import Tokens


@pytest.fixture
def case(oracle):
    read = oracle("reference_values/flash_vstream.npz")
    return {name: torch.from_numpy(value) for name, value in read.items()}


@pytest.fixture
def expected(oracle):
    return oracle("reference_values/mechanism_vectors_expected.json")["flash_vstream"]


def test_frames_fall_into_the_clusters_of_the_authors_code(case, expected):
    x = case["X"].flatten(1)
    share, mass = weighted_k_means(x, torch.ones(20).double(), 5, generator(0))
    groups = [row.nonzero().flatten().tolist() for row in share]
    assert groups == expected["wkmeans_groups"]
    assert mass.tolist() == expected["wkmeans_weights"] == case["wkmeans_w"].tolist()
    torch.testing.assert_close(share @ x, case["wkmeans"].flatten(1))


def test_the_abstract_is_that_of_the_authors_code(case, expected, tmp_path):
    """Theirs blends 5 frames of 4 tokens at a time; ours gets each token as a frame."""
    attention = AbstractAttention(6, inner=3).double()
    attention.load_state_dict({"query.weight": case["Wq"].T, "key.weight": case["Wk"].T})
    file = save_kernel(attention, tmp_path / "attention.safetensors")
    tokens = Tokens.from_grid(rearrange(case["X"], "t p d -> (t p) 1 1 d"), torch.arange(80) / 1)
    abstract = remember(StarMemory(abstract=20, block=20, file=file), tokens).x[:20]
    torch.testing.assert_close(abstract, case["abstract"].flatten(0, 1))
    assert abstract.sum().item() == pytest.approx(expected["abstract_sum"])
