import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.statistics import holm

PS = st.lists(st.floats(0, 1), max_size=8)


def test_the_smallest_counts_for_all_and_the_largest_for_itself():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.2]) == [0.2]


@given(PS)
def test_order_is_kept_and_nothing_gets_smaller_or_above_bonferroni(ps):
    adjusted = holm(ps)
    assert all(p <= q <= min(1, p * len(ps)) for p, q in zip(ps, adjusted, strict=True))
    pairs = sorted(zip(ps, adjusted, strict=True))
    assert [q for _, q in pairs] == sorted(adjusted)


def test_what_is_no_p_is_refused():
    with pytest.raises(VtkError, match="0, 1"):
        holm([1.5])
