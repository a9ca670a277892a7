import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Query, Tokens, build
from vtk_notebooks.blocks.relevance import token_relevance
from vtk_notebooks.compressors import TextRoICrop
from vtk_notebooks.errors import ShapeError, VtkError


def ask(space="made", d=6):
    vector = torch.eye(d)[0]
    return Query("?", vector, vector[None], ("?",), space)


def film(t=2, h=8, w=12, d=6, planted=(), seed=0):
    """Noise without the question, and patches of 2 x 2 that are the question."""
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    x[..., 0] = 0.0
    for frame, row, column in planted:
        x[frame, row : row + 2, column : column + 2] = torch.eye(d)[0]
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def test_what_is_asked_for_lies_in_the_box():  # the paper's claim
    places = ((0, 0, 0), (1, 3, 9))
    kept = TextRoICrop(ratio=4 / 96)(film(planted=places), ask()).kept()
    assert kept[0, :2, :2].all()
    assert kept[1, 3, 9]


@given(ratio=st.floats(0.01, 1), seed=st.integers(0, 99))
def test_the_mean_place_of_the_best_cells_lies_in_the_box(ratio, seed):
    x = torch.randn(1, 8, 12, 6, generator=torch.Generator().manual_seed(seed))
    tokens = Tokens.from_grid(x, torch.zeros(1), space="made")
    best = token_relevance(tokens, ask()).topk(max(1, int(96 * ratio))).indices
    row, column = (best // 12).float().mean().long(), (best % 12).float().mean().long()
    assert TextRoICrop(ratio)(tokens, ask()).kept()[0, row, column]


def test_a_box_is_a_rectangle_of_the_frame_of_the_papers_size():
    kept = TextRoICrop(0.8)(film(planted=((0, 3, 3),)), ask()).kept()
    tall, wide = round(8 * 0.8**0.5), round(12 * 0.8**0.5)
    for frame in kept:
        rows, columns = frame.any(1), frame.any(0)
        assert (rows.sum(), columns.sum()) == (tall, wide)
        assert torch.equal(frame, rows[:, None] & columns)
        assert (rows.float().diff().abs().sum() + columns.float().diff().abs().sum()) <= 4


@given(ratio=st.floats(0.01, 1), h=st.integers(1, 9), w=st.integers(1, 9), seed=st.integers(0, 99))
def test_it_returns_what_it_counts_bit_for_bit(ratio, h, w, seed):
    crop, tokens = TextRoICrop(ratio), film(h=h, w=w, seed=seed)
    out = crop(tokens, ask())
    assert len(out) == crop.count(tokens.grid)[0]
    assert torch.equal(out.x, tokens.x[out.edges[:, 1]])


def test_a_ratio_of_one_is_the_identity():
    tokens = film()
    assert torch.equal(TextRoICrop(1.0)(tokens, ask()).x, tokens.x)


def test_merged_tokens_have_no_boxes():
    with pytest.raises(ShapeError, match="Put it first"):
        TextRoICrop()(build("compressor", "bipartite_merge", keep=0.5)(film()), ask())


@pytest.mark.parametrize("ratio", [0.0, -0.1, 1.1, float("nan")])
def test_an_impossible_ratio_is_refused(ratio):
    with pytest.raises(VtkError, match="ratio"):
        TextRoICrop(ratio)
