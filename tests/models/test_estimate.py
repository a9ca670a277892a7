"""Estimates: exact for weights, arithmetic for the rest, and advice that would work."""

from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.estimate import MemoryEstimate, check, estimate, parameters
from vtk_notebooks.models.source import Source

from .adapters import _tiny

GB = 10**9


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return Source("tiny", _tiny.clip(tmp_path_factory.mktemp("clip")), "0")


def test_parameters_are_counted_without_reading_them(tmp_path):
    save_file({"a": torch.zeros(3, 5), "b": torch.zeros(7)}, tmp_path / "x.safetensors")
    save_file({"c": torch.zeros(100, dtype=torch.bfloat16)}, tmp_path / "y.safetensors")
    assert parameters(sorted(tmp_path.glob("*.safetensors"))) == (122, "bfloat16")


def test_weights_are_exact_and_follow_the_dtype(source):
    count, stored = parameters(source.weight_files)
    assert stored == "float32"
    assert estimate(source).weights == 4 * count
    assert estimate(source, dtype="bfloat16").weights == 2 * count
    assert estimate(source, dtype="int4").weights == count // 2


def test_the_cache_grows_with_the_prompt_and_is_two_vectors_a_layer(source):
    # 2 layers, 2 heads of keys and values with 8 channels, 4 bytes
    assert estimate(source, positions=1000).cache == 2 * 2 * 2 * 8 * 1000 * 4
    assert estimate(source, positions=2000).cache == 2 * estimate(source, positions=1000).cache


@pytest.mark.parametrize(
    ("weights", "cache", "hint"),
    [
        (15 * GB, 1 * GB, "bfloat16"),
        (30 * GB, 1 * GB, "4bit"),
        (200 * GB, 1 * GB, "smaller model"),
        (5 * GB, 50 * GB, "fewer frames"),
    ],
)
def test_what_does_not_fit_comes_with_the_setting_that_would(weights, cache, hint):
    needed = MemoryEstimate(weights, 0, cache, 10 * GB, "cpu")
    with pytest.raises(WeightsError, match=hint):
        check(needed, "m")
    check(replace(needed, free=1000 * GB), "m")


def test_it_reads_as_a_sentence():
    told = str(MemoryEstimate(2 * GB, GB, 500_000, 8 * GB, "cpu"))
    assert (
        told
        == "weights 2.00 GB + activations 1.00 GB + cache 0.50 MB = 3.30 GB of 8.00 GB free (cpu)"
    )
