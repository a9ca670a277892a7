from dataclasses import replace
from itertools import count
from typing import ClassVar

import pytest
import torch

from vtk_notebooks import Tokens, build, names
from vtk_notebooks.errors import VtkError
from vtk_notebooks.labs.suspect import PROMISES, Suspect, holds
from vtk_notebooks.protocols import Compressor
from vtk_notebooks.tokens import Kind


def film(t=6, side=3, d=5):
    x = torch.randn(t, side, side, d, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(t) / 2)


CALLS = count()


class Broken:
    """Random tokens with one thing changed afterwards."""

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = False

    def __init__(self, change, counted=None):
        self.change, self.counted = change, counted
        self.made = build("compressor", "random_tokens", keep=0.5)

    def __call__(self, tokens, query=None):
        return self.change(self.made(tokens), tokens)

    def count(self, grid):
        return self.counted or self.made.count(grid)

    def at(self, keep):
        return self


def spoiled(out, tokens):
    tokens.x[0] += 1.0
    return out


def repeated(out, tokens):
    return out.select(torch.zeros(len(out), dtype=torch.long))


def restless(out, tokens):
    return out.select(torch.arange(len(out)).roll(next(CALLS)))


BREAKS = {
    "count": Broken(lambda out, _: out, counted=(1, 2)),
    "shares": Broken(lambda out, _: replace(out, share=out.share * 0)),
    "same": Broken(lambda out, _: replace(out, x=out.x.flip(0))),
    "once": Broken(repeated),
    "again": Broken(restless),
    "alone": Broken(spoiled),
}


def test_the_suspect_looks_like_any_compressor_and_is_in_no_registry():
    assert isinstance(Suspect(), Compressor)
    assert not {"suspect", "Suspect"} & set(names("compressor"))
    assert len(Suspect()(film())) == Suspect().count((6, 3, 3))[0] == 14
    assert len(Suspect().at(0.5)(film())) == 27
    with pytest.raises(VtkError, match="keep"):
        Suspect(0.0)


def test_it_breaks_one_promise_and_no_other():
    assert [p for p in PROMISES if not holds(p, Suspect(), film())] == ["same"]


@pytest.mark.parametrize("name", ["random_tokens", "uniform", "centre_crop"])
def test_honest_ones_keep_them_all(name):
    assert all(holds(p, build("compressor", name), film()) for p in PROMISES)


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_is_seen_to_break(promise):
    assert not holds(promise, BREAKS[promise], film())
