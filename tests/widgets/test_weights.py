"""Weights of tokens, drawn on the cells they speak for."""

import numpy as np
import pytest
import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention import words_to_video
from vtk_widgets import TokenMap


def numbers(entry, name, dtype="<i4"):
    return np.frombuffer(entry[name], dtype)


def test_weights_of_tokens_are_shared_out_over_their_cells(run):
    weights = torch.zeros(18)
    weights[[0, 17]] = torch.tensor([3.0, 1.0])
    token_map = TokenMap.of(run, weights=weights, words=["dog"])
    (row,) = token_map.weights
    assert (row["text"], row["peak"]) == ("dog", pytest.approx(0.375))  # 3/4 over two cells
    cells = numbers(row, "cells", "u1")
    assert cells[:2].tolist() == [255, 255]
    assert cells[-2:].tolist() == [85, 85]
    assert cells[2:-2].sum() == 0
    assert token_map.mode == "weights"


def test_what_words_look_at_is_taken_as_it_was_found(run, merge):
    tokens = merge(0.5)
    weights = torch.rand(2, 20, generator=torch.Generator().manual_seed(0))
    token = torch.cat([torch.tensor([-1, -1]), torch.arange(18)])
    words = ("a", "dog", *[""] * 18)
    looks = words_to_video(weights, torch.tensor([0, 1]), token, words, tokens)
    rows = TokenMap.of(run, weights=looks).weights
    assert [row["text"] for row in rows] == ["a", "dog"]
    back = numbers(rows[1], "cells", "u1") / 255 * rows[1]["peak"]
    assert back == pytest.approx(looks.cells[1].flatten().numpy(), abs=rows[1]["peak"] / 500)


@pytest.mark.parametrize("weights", [torch.zeros(17), torch.full((18,), -1.0), torch.zeros(0, 18)])
def test_weights_that_are_not_one_for_each_token_are_refused(run, weights):
    with pytest.raises(VtkError, match="for each of 18 tokens"):
        TokenMap.of(run, weights=weights)
