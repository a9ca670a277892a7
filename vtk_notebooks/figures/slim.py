"""Slim: what a figure needs of larger things, small enough for its file."""

from collections.abc import Callable

import torch

from vtk_notebooks.blocks.grounding.batch import Grounding
from vtk_notebooks.tokens import Tokens


def times_of(tokens: Tokens) -> Tokens:
    """Grid and seconds, without any token."""
    return Tokens(
        torch.zeros(0, 0),
        torch.zeros(0, 2, dtype=torch.long),
        torch.zeros(0),
        tokens.grid,
        tokens.times_s.detach().cpu(),
        tokens.duration_s,
        tokens.kind,
        view=tokens.view,
    )


def table_of(name: str, *, proposals: bool) -> Callable[[Grounding], Grounding]:
    """Of what a head says: one table by its name, with its proposals or without."""

    def part(out: Grounding) -> Grounding:
        aux = {name: out.aux[name].detach().cpu()} if name in out.aux else {}
        many = out.spans.shape[1] if proposals else 0
        spans, scores = out.spans[:, :many].detach().cpu(), out.scores[:, :many].detach().cpu()
        return Grounding(spans, scores, out.saliency[:, :0].detach().cpu(), aux)

    return part
