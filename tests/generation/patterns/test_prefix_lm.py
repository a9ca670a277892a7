import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build

GRIDS = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))


def mask(grid=(2, 1, 1), n_text=3):
    return build("pattern", "prefix_lm")(grid, n_text)


def test_media_look_at_media_and_text_at_media_and_earlier_text():
    assert mask().int().tolist() == [
        [1, 1, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [1, 1, 1, 1, 0],
        [1, 1, 1, 1, 1],
    ]


@given(grid=GRIDS, n_text=st.integers(0, 5), more=st.integers(1, 4))
def test_words_to_come_change_nothing_for_what_is_there(grid, n_text, more):
    there = mask(grid, n_text)
    n = len(there)
    longer = mask(grid, n_text + more)
    assert torch.equal(longer[:n, :n], there)
    assert not longer[:n, n:].any()


@given(grid=GRIDS, n_text=st.integers(0, 5))
def test_media_never_see_text_and_text_sees_all_media(grid, n_text):
    table, media = mask(grid, n_text), grid[0] * grid[1] * grid[2]
    assert table[:, :media].all()
    assert not table[:media, media:].any()


def test_attention_under_it_gives_the_prefix_back_whatever_the_text_is():
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(1, 7, 8, generator=draw)
    other = x.clone()
    other[:, 5:] = torch.randn(1, 2, 8, generator=draw)
    table = mask((2, 2, 1), 3)
    attend = torch.nn.functional.scaled_dot_product_attention
    a, b = (attend(v, v, v, attn_mask=table) for v in (x, other))
    assert torch.equal(a[:, :5], b[:, :5])
    assert not torch.equal(a[:, 5:], b[:, 5:])


@pytest.mark.parametrize("grid", [(1, 1, 1), (3, 2, 2)])
def test_without_text_everything_looks_at_everything(grid):
    assert mask(grid, 0).all()
