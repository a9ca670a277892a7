"""Estimates: exact for weights, arithmetic for the rest, and advice that would work."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
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


def test_frames_are_counted_instead_of_positions(source):
    few, many = estimate(source, frames=8), estimate(source, frames=80)
    assert many.cache > 2 * few.cache
    assert many.activations > few.activations
    assert (few.frames, many.frames) == (8, 80)  # all of them fit
    with pytest.raises(WeightsError, match="1 frame"):
        estimate(source, frames=0)


@given(frames=st.integers(2, 500), share=st.floats(0.05, 0.95))
def test_the_number_of_frames_that_is_said_to_fit_does_and_one_more_does_not(source, frames, share):
    all_of_them = estimate(source, frames=frames)
    free = int(1.1 * (all_of_them.weights + share * (all_of_them.total - all_of_them.weights)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vtk_notebooks.models.estimate.free_bytes", lambda device: free)
        needed = estimate(source, frames=frames)
        most = needed.frames
        assert most < frames or needed.fits
        assert most == 0 or estimate(source, frames=most).fits
        assert most == frames or not estimate(source, frames=most + 1).fits


def test_the_frames_that_fit_are_named():
    needed = MemoryEstimate(5 * GB, 0, 50 * GB, 10 * GB, "cpu", frames=12)
    with pytest.raises(WeightsError, match=r"Try frames=12, or force=True"):
        check(needed, "m")
