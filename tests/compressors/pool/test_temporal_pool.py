import pytest
import torch
from einops import reduce
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import TemporalPool
from vtk_notebooks.errors import VtkError


def film(t=8, h=2, w=3, d=5):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def test_32768_tokens_become_8192():  # the paper's count, in one line
    assert TemporalPool(4).count((128, 16, 16)) == (8192, 8192)
    assert len(TemporalPool(4)(film(128, 16, 16, 1))) == 8192


@given(frames=st.integers(1, 5), many=st.integers(1, 4))
def test_each_token_is_the_mean_of_its_place_over_time(frames, many):
    tokens = film(frames * many)
    means = reduce(tokens.on_grid("test"), "(k f) h w d -> (k h w) d", "mean", f=frames)
    torch.testing.assert_close(TemporalPool(frames)(tokens).x, means)


def test_a_last_group_is_what_is_left():
    assert TemporalPool(3)(film(7, 1, 1)).mass().tolist() == [3, 3, 1]


def test_pooling_twice_is_pooling_once():
    tokens = film()
    torch.testing.assert_close(
        TemporalPool(2)(TemporalPool(2)(tokens)).x, TemporalPool(4)(tokens).x
    )


def test_a_film_that_stands_still_loses_nothing():
    still = Tokens.from_grid(film(1).on_grid("test").expand(8, -1, -1, -1), torch.arange(8) / 2)
    torch.testing.assert_close(TemporalPool(8)(still).x, still.x[:6])


def test_a_budget_is_the_nearest_number_of_frames():
    assert [TemporalPool().at(k).frames for k in (1.0, 0.6, 0.5, 0.3, 0.04)] == [1, 2, 2, 3, 25]


def test_a_group_without_frames_is_refused():
    with pytest.raises(VtkError, match="1 frame or more"):
        TemporalPool(0)
