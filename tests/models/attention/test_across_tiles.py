"""Rows of joined maps equal those of whole maps, which nobody has to hold."""

import pytest
import torch

from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.models.attention import (
    AttentionTiles,
    capture,
    mean,
    mean_rows,
    most,
    most_rows,
    rollout,
    rollout_rows,
    tiled,
)

from ._models import language

IDS = torch.randint(0, 64, (1, 40), generator=torch.Generator().manual_seed(3))
ROWS = torch.tensor([39, 3, 17])


@pytest.fixture(scope="module")
def run():
    model = language()
    with torch.no_grad(), capture(model) as seen, tiled(model, dtype=torch.float32) as kept:
        model(IDS)
    return list(seen), kept


def test_rows_of_every_head_are_those_that_ran(run):
    maps, kept = run
    for m in maps:
        torch.testing.assert_close(
            kept.rows(m.layer, ROWS), m.weights[0][:, ROWS], atol=1e-6, rtol=1e-5
        )


@pytest.mark.parametrize("head", [0, 1, 2, 3])
def test_rows_of_one_head_are_its_own(run, head):
    maps, kept = run
    one = kept.rows(maps[2].layer, ROWS, head)
    torch.testing.assert_close(one, kept.rows(maps[2].layer, ROWS)[head : head + 1])


@pytest.mark.parametrize(
    ("of_rows", "of_maps"), [(mean_rows, mean), (most_rows, most), (rollout_rows, rollout)]
)
def test_rows_are_those_of_the_joined_map(run, of_rows, of_maps, monkeypatch):
    maps, kept = run
    monkeypatch.setattr("vtk_notebooks.models.attention.across_tiles._BLOCK", 7)
    whole = of_maps(maps).weights[0][ROWS]
    torch.testing.assert_close(of_rows(kept, ROWS), whole, atol=1e-6, rtol=1e-5)


def test_some_layers_can_be_joined(run):
    maps, kept = run
    alone = mean_rows(kept, ROWS, [maps[1].layer])
    torch.testing.assert_close(alone, maps[1].weights[0].mean(0)[ROWS], atol=1e-6, rtol=1e-5)


def test_a_rollout_can_be_stopped(run):
    with pytest.raises(CancelledError):
        rollout_rows(run[1], ROWS, cancel=lambda: True)


def test_what_is_not_there_is_named(run):
    with pytest.raises(VtkError, match="one or more layers"):
        mean_rows(AttentionTiles(), ROWS)
    with pytest.raises(VtkError, match="head from 0 to 3"):
        run[1].rows(run[0][0].layer, ROWS, 4)
    with pytest.raises(VtkError, match="positions from 0 to 39"):
        run[1].rows(run[0][0].layer, torch.tensor([40]))


@torch.no_grad()
def test_a_padded_prompt_keeps_its_mask():
    model, mask = language(), torch.ones_like(IDS)
    mask[0, :6] = 0
    with capture(model) as seen, tiled(model, dtype=torch.float32) as kept:
        model(IDS, attention_mask=mask)
    for m in seen:
        rows = kept.rows(m.layer, ROWS[[0, 2]])
        torch.testing.assert_close(rows, m.weights[0][:, ROWS[[0, 2]]], atol=1e-6, rtol=1e-5)
