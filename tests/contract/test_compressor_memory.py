"""An hour of film in 16 bits fits into memory once: no compressor makes a second copy in 32."""

import sys

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from vtk_notebooks import build, names, provenance

QUADRATIC = {"keyframe_token_drop"}
"""Attention over all tokens, as published; an hour of film does not go through it."""


class Widened(TorchDispatchMode):
    """Remembers the largest table of 32-bit features that any operation inside has made."""

    numbers = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        for x in out if isinstance(out, tuple) else (out,):
            if torch.is_tensor(x) and x.dtype == torch.float32 and x.ndim > 1:
                self.numbers = max(self.numbers, x.numel())
        return out


@pytest.fixture
def small_blocks(monkeypatch):
    """What mechanisms look at together is as small beside a test's film as beside an hour."""
    for name, module in list(sys.modules.items()):
        if name.startswith("vtk_notebooks.") and hasattr(module, "_MOST_FLOATS"):
            monkeypatch.setattr(module, "_MOST_FLOATS", 1024)
    monkeypatch.setattr(provenance, "AT_ONCE", 512)


@pytest.mark.parametrize("name", [n for n in names("compressor") if n not in QUADRATIC])
def test_a_film_of_16_bits_is_never_held_in_32(name, film, query, small_blocks):
    tokens, made = film((64, 4, 4), dtype=torch.bfloat16), build("compressor", name)
    with Widened() as widened:
        made(tokens, query)
    assert widened.numbers < tokens.x.numel() / 2


@pytest.mark.parametrize("name", [n for n in names("compressor") if n not in QUADRATIC])
def test_portions_of_any_size_give_the_same_tokens(name, film, query, request):
    tokens, made = film((16, 4, 4)), build("compressor", name)
    at_once = made(tokens, query)
    request.getfixturevalue("small_blocks")
    out = made(tokens, query)
    torch.testing.assert_close(out.x, at_once.x)
    assert torch.equal(out.edges, at_once.edges)
    torch.testing.assert_close(out.share, at_once.share)
