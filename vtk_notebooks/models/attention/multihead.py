"""Multihead: the attention of torch's own `nn.MultiheadAttention`, computed beside it."""

from typing import Any

import torch
from torch import Tensor, nn


@torch.no_grad()
def look_at_multihead(name: str, seen: Any, module: Any, args: Any, more: Any) -> None:
    """Its projections once more, for the chosen rows; a forward pre-hook with keywords."""
    given = dict(zip(("query", "key", "value", "key_padding_mask"), args, strict=False)) | more
    query, key = (
        given[n] if module.batch_first else given[n].transpose(0, 1) for n in ("query", "key")
    )
    width, heads = module.embed_dim, module.num_heads
    w_q, w_k, b_q, b_k = _projections(module, width)
    rows = seen.chosen(query.shape[1], query.device)
    q = nn.functional.linear(query[:, rows], w_q, b_q).unflatten(-1, (heads, -1)).transpose(1, 2)
    k = nn.functional.linear(key, w_k, b_k).unflatten(-1, (heads, -1)).transpose(1, 2)
    chosen = list(range(heads)) if seen.heads is None else list(seen.heads)
    logits = (q[:, chosen] @ k[:, chosen].mT).float() * (width // heads) ** -0.5
    padding, mask = given.get("key_padding_mask"), given.get("attn_mask")
    if padding is not None:
        logits = _masked(logits, padding[:, None, None])
    if mask is not None:
        mask = mask if mask.ndim == 2 else mask.unflatten(0, (-1, heads))[:, chosen]
        logits = _masked(logits, mask[..., rows, :])
    seen.keep(name, logits.softmax(-1), rows)


def _projections(module: Any, width: int) -> tuple[Any, ...]:
    if module.in_proj_weight is None:
        w_q, w_k = module.q_proj_weight, module.k_proj_weight
    else:
        w_q, w_k = module.in_proj_weight[:width], module.in_proj_weight[width : 2 * width]
    bias = module.in_proj_bias
    return w_q, w_k, *((None, None) if bias is None else (bias[:width], bias[width : 2 * width]))


def _masked(logits: Tensor, mask: Tensor) -> Tensor:
    """With a mask as torch has them: True blocks, numbers are added."""
    return logits.masked_fill(mask, -torch.inf) if mask.dtype == torch.bool else logits + mask
