"""What a compressor makes of tokens on a GPU stays there, and is what it makes on the CPU."""

from dataclasses import replace

import pytest
import torch

from vtk_notebooks import build, names

from ._far import Away, Far, here


@pytest.mark.parametrize("name", names("compressor"))
@pytest.mark.parametrize("keep", [0.0, 0.5])
def test_tokens_of_another_device_stay_there_and_are_the_same(name, keep, film, query):
    tokens, made = film(), build("compressor", name)
    made = made.at(keep) if keep else made
    expected = made(tokens, query)
    parts = ("x", "edges", "share", "times_s")
    with Away(), torch.no_grad():
        away = replace(tokens, **{part: Far(getattr(tokens, part)) for part in parts})
        out = made(away, query)
        cells = (out.owner(), out.kept(), out.centre())
    assert all(isinstance(x, Far) for x in (out.x, out.edges, out.share, *cells))
    torch.testing.assert_close(here(out.x), expected.x)
    assert torch.equal(here(out.edges), expected.edges)
