"""What every registered mixer promises."""

import pytest
import torch

from vtk_notebooks import build, names
from vtk_notebooks.protocols import Mixer

EVERY = pytest.mark.parametrize("name", names("mixer"))


@EVERY
def test_it_keeps_the_protocol(name):
    mixer = build("mixer", name)
    assert isinstance(mixer, Mixer)
    assert isinstance(mixer.causal, bool)


@EVERY
@pytest.mark.parametrize("grid", [(8, 6, 6), (5, 3, 7), (1, 1, 1)])
def test_as_many_tokens_come_out_and_speak_for_the_same_cells(name, grid, film):
    tokens = film(grid)
    out = build("mixer", name)(tokens)
    assert out.x.shape == tokens.x.shape
    assert out.x.isfinite().all()
    assert torch.equal(out.edges, tokens.edges)


@EVERY
def test_equal_tokens_in_equal_tokens_out_and_the_input_is_left_alone(name, film):
    tokens, mixer = film(), build("mixer", name)
    before = tokens.x.clone()
    assert torch.equal(mixer(tokens).x, mixer(tokens).x)
    assert torch.equal(tokens.x, before)
