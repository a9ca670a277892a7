"""LITA's SlowFast tokens, as its released code makes them."""

import torch

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import SlowFast


def test_tokens_are_those_of_the_authors_code(oracle):
    case = oracle("reference_values/lita_slowfast.npz")
    x = torch.tensor(case["tokens"])[0].unflatten(1, (16, 16))
    tokens = Tokens.from_grid(x, torch.arange(len(x)) / 2)
    assert SlowFast().frames(tokens.grid).tolist() == case["selected"].tolist()
    torch.testing.assert_close(SlowFast()(tokens).x, torch.tensor(case["out"])[0])
