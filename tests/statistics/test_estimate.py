import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.statistics import Estimate, as_floats, wilson


def test_it_is_a_number():
    e = Estimate.mean([1.0, 2.0, 6.0])
    assert e == 3.0
    assert json.dumps({"mean": e}) == '{"mean": 3.0}'
    assert f"{e:.1f}" == "3.0"
    assert e.n == 3


def test_shares_get_wilson_s_interval_in_their_own_scale():
    e = Estimate.mean([True, False, True, True], scale=100)
    assert e == 75
    assert e.interval == pytest.approx([100 * end for end in wilson(3, 4)])


@given(x=st.lists(st.floats(1.5, 5), min_size=2, max_size=20))
def test_the_interval_of_a_mean_holds_within_the_data(x):
    e = Estimate.mean(x)
    assert min(x) - 1e-9 <= e.low <= e.high <= max(x) + 1e-9


def test_what_is_missing_is_left_out_and_nothing_at_all_is_no_number():
    assert Estimate.mean([1.0, math.nan, 3.0]) == 2
    assert Estimate.mean([1.0, math.nan, 3.0]).n == 2
    none = Estimate.mean([])
    assert math.isnan(none)
    assert none.n == 0


def test_a_function_of_means_is_not_the_mean_of_a_function():
    columns = np.array([[1.0, 0.0], [0.0, 1.0]])
    f1 = Estimate.of_means(columns, lambda m: 2 * m[0] * m[1] / (m[0] + m[1]))
    assert f1 == 0.5


def test_it_survives_pickling_with_its_interval():
    e = Estimate.mean([0.0, 1.0, 0.5])
    back = pickle.loads(pickle.dumps(e))
    assert (back, back.n, back.interval) == (e, e.n, e.interval)


def test_it_prints_with_its_interval_where_it_has_one():
    assert str(Estimate.mean([True] * 10)) == "1 [0.7225, 1]"
    assert str(Estimate(2.5)) == "2.5"


def test_rounding_keeps_the_interval():
    e = Estimate.mean([0.0, 1.0, 1.0], scale=100)
    assert e.rounded(2) == 66.67
    assert e.rounded(2).interval == e.interval


def test_plain_numbers_for_json_have_none_for_what_is_no_number():
    nested = {"all": {"mean": Estimate.mean([]), "n": 3}, "best": Estimate(1.0)}
    assert as_floats(nested) == {"all": {"mean": None, "n": 3}, "best": 1.0}
    assert type(as_floats(nested)["best"]) is float
