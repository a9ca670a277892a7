"""Kept: what tokens still say of the cells they came from."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from vtk_notebooks.errors import ShapeError
from vtk_notebooks.provenance import weighted_sums
from vtk_notebooks.tokens import Tokens


def mass_kept(tokens: Tokens) -> float:
    """The part of all cells that some token still speaks for."""
    return tokens.kept().double().mean().item()


def frames_touched(tokens: Tokens) -> float:
    """The part of all frames in which some token still speaks for a cell."""
    return tokens.kept().flatten(1).any(1).double().mean().item()


def rebuilt(tokens: Tokens) -> Float[Tensor, "t h w d"]:
    """Each cell as the mean of the tokens that speak for it, by their shares.

    A cell that nobody speaks for is taken from the nearest one that has a token, a frame being as
    far as a cell.
    """
    from scipy.ndimage import distance_transform_edt

    kept = tokens.kept()
    if not kept.any():
        raise ShapeError("rebuilt", "tokens that speak for at least one cell", "none")
    token, cell = tokens.edges.unbind(1)
    total = tokens.share.new_zeros(kept.numel()).index_add(0, cell, tokens.share)
    said = weighted_sums(tokens.x, token, cell, tokens.share / total[cell])
    full = said.new_zeros(kept.numel(), said.shape[1])
    full[: len(said)] = said
    near = distance_transform_edt(~kept.cpu().numpy(), return_distances=False, return_indices=True)
    t, h, w = torch.from_numpy(near).long().to(full.device)
    return full.view(*tokens.grid, -1)[t, h, w]


def rebuilding_error(
    before: Tokens, after: Tokens, where: Bool[Tensor, "t h w"] | None = None
) -> float:
    """The squared error of the rebuilt cells, in parts of their spread about the film's mean.

    0 is perfect, 1 is as bad as the mean of the film; nan where there is nothing to compare: no
    cell, or features of another space.

    Args:
        before: one token per cell.
        after: what a compressor made of them.
        where: cells that count, such as the dropped ones; all by default.
    """
    if after.spaces != before.spaces or (where is not None and not where.any()):
        return float("nan")
    x, guess = before.on_grid("rebuilding_error").double(), rebuilt(after).double()
    if where is None:
        where = torch.ones_like(x[..., 0], dtype=torch.bool)
    far = (x - guess)[where].square().sum().item()
    spread = (x - x.mean((0, 1, 2)))[where].square().sum().item()
    if spread < 1e-12:
        return 0.0 if far < 1e-12 else float("inf")
    return far / spread
