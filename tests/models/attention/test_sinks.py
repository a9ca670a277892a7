import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention import find_sinks, without_sinks


def attention(n=40, sink=0.0, seed=0):
    draw = torch.Generator().manual_seed(seed)
    a = torch.rand(2, n, n, generator=draw).softmax(-1) * (1 - sink)
    a[..., 0] += sink
    return a


def causal(n=40):
    a = torch.ones(1, n, n).tril()
    return a / a.sum(-1, keepdim=True)


def test_a_planted_sink_is_found_and_nothing_else():
    assert find_sinks(attention(sink=0.6)).tolist() == [0]
    assert find_sinks(attention()).tolist() == []


def test_the_first_key_of_a_causal_map_is_no_sink_only_because_all_can_see_it():
    assert find_sinks(causal(), times=2.0).tolist() == []
    assert causal()[0, :, 0].sum() > 4 * causal()[0, :, 20].sum()  # though it gets most


def test_what_was_taken_out_is_told():
    a = attention(sink=0.6)
    rest = without_sinks(a)
    assert rest.sinks.tolist() == [0]
    torch.testing.assert_close(rest.taken, a[..., 0])
    assert rest.weights[..., 0].max() == 0


@given(seed=st.integers(0, 50), sink=st.floats(0.3, 0.9))
def test_rows_keep_their_sum_and_the_rest_its_proportions(seed, sink):
    a = attention(sink=sink, seed=seed)
    rest = without_sinks(a, torch.tensor([0, 3]))
    torch.testing.assert_close(rest.weights.sum(-1), a.sum(-1))
    torch.testing.assert_close(
        rest.weights[..., 5] / rest.weights[..., 7], a[..., 5] / a[..., 7], rtol=1e-3, atol=1e-5
    )


def test_a_row_that_saw_nothing_else_becomes_zero():
    a = torch.tensor([[1.0, 0.0], [0.5, 0.5]])
    assert without_sinks(a, torch.tensor([0])).weights.tolist() == [[0, 0], [0, 1]]


def test_less_than_a_fair_share_is_no_sink():
    with pytest.raises(VtkError, match="above 1"):
        find_sinks(attention(), times=0.5)
