"""Mixtures: tokens as weighted means of other tokens, and the weights that attention gives.

The attention here has no weights of its own: queries and keys are normalised as a layer norm
does, so the logit is their correlation times the square root of their width. Mechanisms that learn
their attention start from it, or fall back on it where they were not trained.
"""

from collections.abc import Iterable, Iterator

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import layer_norm

from vtk_notebooks.blocks.kernels import precise
from vtk_notebooks.blocks.windows import Windows
from vtk_notebooks.provenance import AT_ONCE, Edges, Kind, edge_table, weighted_sums
from vtk_notebooks.tokens import Space, Tokens

_MOST_FLOATS = 2**24
"""Floats gathered at once, 64 MB."""


def attention(
    query: Float[Tensor, "k q d"], key: Float[Tensor, "k m d"], inside: Bool[Tensor, "k m"]
) -> Float[Tensor, "k q m"]:
    """How much each query takes of each key; nothing of those that are not there."""
    width = query.shape[-1:]
    logits = torch.einsum("k q d, k m d -> k q m", layer_norm(query, width), layer_norm(key, width))
    return (logits / width[0] ** 0.5).masked_fill(~inside[:, None], -torch.inf).softmax(-1)


def window_attention(
    query: Float[Tensor, "k d"], x: Float[Tensor, "n d"], where: Windows
) -> Float[Tensor, "k m"]:
    """What the query of each window takes of the window's tokens; some windows at a time."""
    many = max(1, _MOST_FLOATS // (where.member.shape[1] * x.shape[1]))
    parts = zip(query.split(many), where.member.split(many), where.inside.split(many), strict=True)
    return torch.cat(
        [attention(precise(q)[:, None], precise(x[m]), there)[:, 0] for q, m, there in parts]
    )


def centred_attention(x: Float[Tensor, "n d"], where: Windows) -> Float[Tensor, "k m"]:
    """What the mean of each window takes of the window's tokens; some windows at a time."""
    many = max(1, _MOST_FLOATS // (where.member.shape[1] * x.shape[1]))
    parts = [Windows(*part) for part in zip(*(w.split(many) for w in where), strict=True)]
    return torch.cat([window_attention(window_means(x, part), x, part) for part in parts])


def window_means(x: Float[Tensor, "n d"], where: Windows) -> Float[Tensor, "k d"]:
    """The mean of each window's tokens; some windows at a time."""
    mean = where.even().to(precise(x[:0]))
    many = max(1, _MOST_FLOATS // (where.member.shape[1] * x.shape[1]))
    parts = zip(mean.split(many), where.member.split(many), strict=True)
    return torch.cat([torch.einsum("k m, k m d -> k d", part, precise(x[m])) for part, m in parts])


def runs(n: int, k: int) -> Float[Tensor, "k n"]:
    """Shares, in 64 bits, that average n things in a row to k, as adaptive average pooling does."""
    part = torch.arange(k)[:, None]
    first, stop = part * n // k, -(-(part + 1) * n // k)
    place = torch.arange(n)
    return ((place >= first) & (place < stop)).double() / (stop - first)


def part_attention(
    query: Float[Tensor, "k q d"], x: Float[Tensor, "k s d"]
) -> Float[Tensor, "k q s"]:
    """What the queries of each part take of the part's tokens; some parts at a time."""
    pairs = zip(query.split(_parts(x)), x.split(_parts(x)), strict=True)
    wide = ((precise(q), precise(k)) for q, k in pairs)
    return torch.cat([attention(q, k, k.new_ones(k.shape[:2]).bool()) for q, k in wide])


def run_attention(x: Float[Tensor, "k s d"], many: int) -> Float[Tensor, "k q s"]:
    """What the means of so many equal runs of each part take of it; some parts at a time."""
    pool = runs(x.shape[1], many).to(precise(x[:0]))
    return torch.cat([part_attention(pool @ precise(part), part) for part in x.split(_parts(x))])


def part_steps(share: Float[Tensor, "k q s"], first: int = 0) -> Iterator[Edges]:
    """New token, old token and share, for k equal parts of the old ones; some parts at a time."""
    _, many, long = share.shape
    for some in share.split(max(1, AT_ONCE // (many * long))):
        part, row, place = some.nonzero().unbind(1)
        yield (first + part) * many + row, (first + part) * long + place, some[part, row, place]
        first += len(some)


def mixed_of_parts(tokens: Tokens, share: Float[Tensor, "k q s"], kind: Kind = "attn") -> Tokens:
    """So many tokens for each of k equal parts of the old ones, in order, at these shares."""
    parts = rearrange(tokens.x, "(k s) d -> k s d", k=len(share))
    x = rearrange(share.to(parts.dtype) @ parts, "k q d -> (k q) d")
    step, took = edge_table(part_steps(share), share.numel())
    return tokens.derive(x, step, took, kind)


def mixed_frames(tokens: Tokens, share: Float[Tensor, "k t"]) -> Tokens:
    """Frames mixed of frames, place by place; the old ones have one token per cell."""
    places = tokens.grid[1] * tokens.grid[2]
    new, old = share.nonzero().unbind(1)
    part = share[new, old].repeat_interleave(places)
    place = torch.arange(places, device=share.device)
    new, old = (rearrange(x[:, None] * places + place, "s p -> (s p)") for x in (new, old))
    return mixed(tokens, new, old, part, "attn")


def pooled(tokens: Tokens, where: Windows, share: Float[Tensor, "k m"], kind: Kind) -> Tokens:
    """One token for each window, from its tokens at these shares."""
    new, place = where.inside.nonzero().unbind(1)
    return mixed(tokens, new, where.member[new, place], share[new, place], kind)


def influenced(tokens: Tokens, x: Float[Tensor, "k c"], where: Windows, space: str) -> Tokens:
    """What a trained kernel made of each window: any of its cells may have had an influence."""
    new, place = where.inside.nonzero().unbind(1)
    step = torch.stack([new, where.member[new, place]], 1)
    even = torch.ones(len(new), dtype=tokens.share.dtype, device=x.device)
    return tokens.derive(x, step, even, "receptive", (Space(space, x.shape[1]),))


def mixed(
    tokens: Tokens, new: Int[Tensor, "s"], old: Int[Tensor, "s"], share: Float[Tensor, "s"],
    kind: Kind,
) -> Tokens:  # fmt: skip
    """Tokens of which number `new[k]` holds `share[k]` of old token `old[k]`."""
    x = weighted_sums(tokens.x, old, new, share)
    return tokens.derive(x, torch.stack([new, old], 1), share, kind)


def averaged(tokens: Tokens, new: Int[Tensor, "s"], old: Int[Tensor, "s"]) -> Tokens:
    """Token `new[k]` is the mean of all `old[k]`; an old one may be taken by several.

    A number below the highest one that never occurs in `new` is a zero vector without cells.
    """
    order = new.argsort(stable=True)
    new, old = new[order], old[order]
    share = 1 / torch.bincount(new)[new].to(tokens.share.dtype)
    return mixed(tokens, new, old, share, "mean")


def mixed_of_all(tokens: Tokens, shares: Iterable[Float[Tensor, "_ n"]], many: int) -> Tokens:
    """So many tokens mixed of any of the old ones, some rows at a time; 0 is no edge.

    However large the film, only the rows at hand are ever dense.
    """
    x: list[Tensor] = []

    def steps() -> Iterator[Edges]:
        done = 0
        for rows in shares:
            new, old = rows.nonzero().unbind(1)
            yield new + done, old, rows[new, old]
            x.append(_product(rows, tokens.x))
            done += len(rows)

    step, share = edge_table(steps(), many * len(tokens))
    return tokens.derive(torch.cat(x), step, share, "attn")


def _product(rows: Float[Tensor, "r n"], x: Float[Tensor, "n d"]) -> Float[Tensor, "r d"]:
    """Rows @ x, summed up in the rows' precision; of a long x only a part is ever copied."""
    if x.dtype == rows.dtype:
        return rows @ x
    many = max(1, _MOST_FLOATS // x.shape[1])
    pairs = zip(rows.split(many, dim=1), x.split(many), strict=True)
    first, *others = (row @ part.to(row.dtype) for row, part in pairs)
    return sum(others, first).to(x.dtype)


def _parts(x: Float[Tensor, "k s d"]) -> int:
    """How many parts are looked at together."""
    return max(1, _MOST_FLOATS // (x.shape[1] * x.shape[2]))
