import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention import AttentionTiles, capture, tiled

from ._models import language

IDS = torch.randint(0, 64, (1, 40), generator=torch.Generator().manual_seed(3))
LAYER = "model.layers.1.self_attn"


@pytest.fixture(scope="module")
def run():
    model = language()
    with torch.no_grad(), capture(model) as seen, tiled(model, dtype=torch.float32) as kept:
        model(IDS)
    return seen[LAYER].weights[0], kept


def test_a_window_at_full_size_is_the_map_itself(run):
    weights, kept = run
    tile = kept.tile(LAYER, 2, rows=(5, 30), keys=(0, 20))
    torch.testing.assert_close(tile, weights[2, 5:30, :20], atol=1e-6, rtol=1e-5)


def test_a_smaller_picture_is_the_mean_or_the_most_of_what_falls_into_a_pixel(run):
    weights, kept = run
    blocks = weights[1].unflatten(0, (8, 5)).unflatten(2, (4, 10))
    mean = kept.tile(LAYER, 1, size=(8, 4))
    torch.testing.assert_close(mean, blocks.mean((1, 3)), atol=1e-6, rtol=1e-5)
    most = kept.tile(LAYER, 1, size=(8, 4), pool="max")
    torch.testing.assert_close(most, blocks.amax((1, 3)), atol=1e-6, rtol=1e-5)


def test_without_a_head_it_is_the_mean_of_all(run):
    weights, kept = run
    torch.testing.assert_close(kept.tile(LAYER), weights.mean(0), atol=1e-6, rtol=1e-5)


@given(size=st.tuples(st.integers(1, 60), st.integers(1, 60)), head=st.integers(0, 3))
def test_no_attention_is_lost_whatever_the_size(run, size, head):
    _, kept = run
    tile = kept.tile(LAYER, head, size=size)
    assert tile.shape == (min(size[0], 40), min(size[1], 40))
    columns = torch.bincount(torch.arange(40) * tile.shape[1] // 40)
    torch.testing.assert_close((tile * columns).sum(1), torch.ones(len(tile)), atol=1e-5, rtol=0)


def test_blocks_of_rows_change_nothing(run, monkeypatch):
    _, kept = run
    whole = kept.tile(LAYER, 0, size=(7, 9))
    monkeypatch.setattr("vtk_notebooks.models.attention.tiles._BLOCK", 3)
    torch.testing.assert_close(kept.tile(LAYER, 0, size=(7, 9)), whole)


@torch.no_grad()
def test_what_is_held_grows_with_the_prompt_and_not_with_its_square():
    model, held = language(), []
    for n in (20, 40):
        with tiled(model) as kept:
            model(IDS[:, :n])
        held.append(kept.bytes)
    assert held[1] == 2 * held[0]
    assert held[0] == 3 * 20 * (4 + 2) * 8 * 2  # layers, positions, heads of q and k, width, bytes


@torch.no_grad()
def test_a_padded_prompt_keeps_its_mask():
    model, mask = language(), torch.ones_like(IDS)
    mask[0, :6] = 0
    with capture(model) as seen, tiled(model, dtype=torch.float32) as kept:
        model(IDS, attention_mask=mask)
    tile = kept.tile(LAYER, 0, rows=(6, 40))
    torch.testing.assert_close(tile, seen[LAYER].weights[0, 0, 6:], atol=1e-6, rtol=1e-5)
    assert tile[:, :6].max() == 0


def test_what_is_not_there_is_named(run):
    _, kept = run
    with pytest.raises(VtkError, match="run the model inside the with"):
        AttentionTiles().tile("x")
    with pytest.raises(VtkError, match="head from 0 to 3"):
        kept.tile(LAYER, 4)
    with pytest.raises(VtkError, match="rows within 0 to 40"):
        kept.tile(LAYER, 0, rows=(10, 50))
