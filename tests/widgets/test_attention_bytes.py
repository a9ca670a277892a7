"""Attention of a large model is sent in pieces: what was asked for, and little of it."""

import torch

from vtk_notebooks.models.attention import AttentionTiles
from vtk_notebooks.models.attention.tiles import _Layer
from vtk_notebooks.tokens import Tokens
from vtk_widgets.parts.attention.lens import Lens
from vtk_widgets.parts.attention.requests import Request, answered


def large(layers=24, heads=16, positions=4096, words=40, side=8):
    """Queries and keys as a large model has them; 63 frames of 8 x 8 cells."""
    g = torch.Generator().manual_seed(0)
    shape = (heads, positions, 64)
    tiles = AttentionTiles()
    for i in range(layers):
        query, key = (torch.randn(shape, generator=g, dtype=torch.float16) for _ in range(2))
        tiles.layers[f"layers.{i}"] = _Layer(query, key, 64**-0.5, True, None)
    t = (positions - words) // side**2
    x = torch.zeros(t, side, side, 1)
    tokens = Tokens.from_grid(x, torch.arange(t) * 0.5)
    token = torch.full((positions,), -1)
    token[1 : 1 + len(tokens)] = torch.arange(len(tokens))
    return Lens(tiles, token, tuple("" if i >= 0 else "word" for i in token.tolist()), tokens)


def test_a_view_of_four_thousand_positions_is_less_than_half_a_megabyte():
    lens = large(layers=1)
    request = Request.read({"kind": "view", "id": 1, "layer": 0, "head": 3}, lens)
    assert sum(map(len, answered(lens, request))) < 500_000
    one = Request.read({"kind": "row", "id": 1, "layer": 0, "head": 3, "word": 4095}, lens)
    assert sum(map(len, answered(lens, one))) < 15_000


def test_frames_without_tokens_look_at_nothing():
    lens = large(layers=1, heads=2, positions=300)
    kept = lens.tokens.select(torch.arange(64, len(lens.tokens)))
    few = Lens(lens.tiles, lens.token - 64, lens.words, kept)
    few.token[few.token < 0] = -1
    times = few.times("mean", 0, 0, (1, 0, 0))
    assert times[0].isnan()
    assert not times[1:].isnan().any()
