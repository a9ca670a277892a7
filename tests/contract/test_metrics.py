"""What every registered metric promises: named estimates, and full marks for a right answer."""

import copy
import json
from typing import Any

import numpy as np
import pytest

from vtk_notebooks import build, names
from vtk_notebooks.registry import maker
from vtk_notebooks.statistics import Estimate

EVERY = pytest.mark.parametrize("name", names("metric"))


@pytest.fixture
def example(name):
    metric: Any = maker("metric", name)
    return metric.example()


@EVERY
def test_it_returns_finite_estimates_by_name(name, example):
    scores = build("metric", name)(*example)
    assert scores
    for key, value in scores.items():
        assert isinstance(key, str)
        assert isinstance(value, Estimate), key
        assert np.isfinite(value), key
        assert value.n > 0, key
    json.dumps(scores, allow_nan=False)


@EVERY
def test_a_value_lies_in_its_interval(name, example):
    for key, value in build("metric", name)(*example).items():
        if not np.isnan(value.low):
            assert value.low - 1e-9 <= value <= value.high + 1e-9, key


@EVERY
def test_equal_answers_get_equal_scores_and_nothing_is_changed(name, example):
    before = copy.deepcopy(example)
    first, second = (build("metric", name)(*example) for _ in range(2))
    assert first == second
    assert repr(example) == repr(before)


@EVERY
def test_its_example_says_what_it_is(name):
    metric: Any = maker("metric", name)
    assert metric.example.__doc__
