"""Every working paper's demo runs on a real film, and what it says is possible."""

import math

import pytest

from vtk_notebooks.papers import working


@pytest.mark.weights
@pytest.mark.parametrize("key", working())
def test_a_demo_runs_on_a_real_film(key: str, on_bikes):
    done, numbers = on_bikes(key), on_bikes(key).numbers
    assert numbers
    assert all(math.isfinite(v) for v in done.as_dict()["numbers"].values())
    if done.run is not None:
        assert 0 <= numbers["start_s"] < numbers["end_s"] <= done.run.clip.duration_s
        assert 0 < numbers["tokens_after"] <= numbers["tokens_before"]
    if done.run is not None and done.run.recipe.timecodec:
        assert numbers["time_error_s"] <= numbers["time_error_bound_s"] + 1e-9
