"""SceneTilling of VideoLLaMB, as its released code cuts."""

import pytest
import torch

from vtk_notebooks.blocks.streaming.scenes import depths, scene_ends

FILMS = ("scenes", "noise", "constant", "walk")
EVERY = pytest.mark.parametrize("film", FILMS)


@pytest.fixture
def case(oracle, film):
    x = torch.from_numpy(oracle("reference_values/scenetilling.npz")[film])
    return x, oracle("reference_values/mechanism_vectors_expected.json")["scenetilling"][film]


@EVERY
def test_depths_are_those_of_the_authors_code(case):
    x, expected = case
    assert len(x) == expected["T"]
    assert depths(x)[:5].tolist() == pytest.approx(expected["depth_first5"], abs=1e-9)
    assert depths(x).sum().item() == pytest.approx(expected["depth_sum"])


@EVERY
def test_scenes_end_where_the_authors_code_ends_them(case):
    x, expected = case
    assert scene_ends(x) == expected["default"]
    assert scene_ends(x, alpha=1) == expected["alpha1"]
    assert scene_ends(x, causal=True) == expected["left"]


@pytest.mark.parametrize("film", ["scenes", "noise", "walk"])  # of equal depths any three will do
def test_the_three_deepest_are_those_of_the_authors_code(case):
    x, expected = case
    assert scene_ends(x, scenes=3) == expected["k3"]
