"""Transformer blocks that merge alike tokens: the trainable kernel of in-layer merging.

After "Token Merging: Your ViT But Faster" (Bolya et al., 2022, arXiv:2210.09461): between attention
and MLP, tokens whose attention keys, averaged over heads, are alike become their mean, weighted by
size. A token that stands for several is a key that counts as often (proportional attention): the
log of its size is added to its column of logits. Whose schedules of merges these are, and what
others made of the formula, is told in `compressors/merge/in_layer_merge.py`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from vtk_notebooks.blocks.matching import average, tome_round
from vtk_notebooks.errors import WeightsError

BIASES = ("key", "query", "none")
"""Where the log of the size goes: to columns, to rows (which a softmax cancels), nowhere."""
_EPS = 1e-6
_RENAMED = {
    "attention.q_proj": "attention.q",
    "attention.k_proj": "attention.k",
    "attention.v_proj": "attention.v",
    "attention.o_proj": "attention.out",
    "layer_scale1.lambda1": "scale1",
    "layer_scale2.lambda1": "scale2",
    "mlp.fc1": "up",
    "mlp.fc2": "down",
}


class Attention(nn.Module):
    """Multi-head attention in which a token may count as several."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(
        self, x: Float[Tensor, "b n d"], size: Float[Tensor, "b n"], bias: str = "key"
    ) -> tuple[Float[Tensor, "b n d"], Float[Tensor, "b n c"]]:
        """What each token takes of the others; and the keys, averaged over heads."""
        q, k, v = (
            rearrange(f(x), "b n (h c) -> b h n c", h=self.heads) for f in (self.q, self.k, self.v)
        )
        y = scaled_dot_product_attention(q, k, v, attn_mask=size_bias(size.to(x.dtype), bias))
        return self.out(rearrange(y, "b h n c -> b n (h c)")), k.mean(1)


class MergingBlock(nn.Module):
    """A pre-norm block that merges between attention and MLP; both branches start at zero."""

    def __init__(self, width: int, heads: int, mlp: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = (nn.LayerNorm(width, eps=_EPS) for _ in range(2))
        self.attention = Attention(width, heads)
        self.up, self.down = nn.Linear(width, mlp), nn.Linear(mlp, width)
        self.scale1, self.scale2 = (nn.Parameter(torch.zeros(width)) for _ in range(2))
        nn.init.eye_(self.attention.k.weight)
        nn.init.zeros_(self.attention.k.bias)

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        size: Float[Tensor, "b n"],
        merged: int = 0,
        class_token: bool = False,
        bias: str = "key",
    ) -> tuple[Float[Tensor, "b m d"], Float[Tensor, "b m"], Int[Tensor, "b n"]]:
        """Tokens, their sizes, and which of them each token went into."""
        y, keys = self.attention(self.norm1(x), size, bias)
        x = x + self.scale1 * y
        group = tome_round(keys, merged, class_token)
        x, size = average(x, size, group, int(group.max()) + 1)
        return x + self.scale2 * self.down(gelu(self.up(self.norm2(x)))), size, group


class MergingStack(nn.Module):
    """Transformer blocks that merge.

    Args:
        width: channels of a token.
        heads: of attention.
        mlp: channels inside the MLP.
        layers: blocks.
    """

    def __init__(self, width: int, heads: int, mlp: int, layers: int) -> None:
        super().__init__()
        self.config = {"width": width, "heads": heads, "mlp": mlp, "layers": layers}
        self.blocks = nn.ModuleList(MergingBlock(width, heads, mlp) for _ in range(layers))

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        merges: Sequence[int],
        size: Float[Tensor, "b n"] | None = None,
        *,
        class_token: bool = False,
        bias: str = "key",
    ) -> tuple[Float[Tensor, "b m d"], Float[Tensor, "b m"], Int[Tensor, "b n"]]:
        """Tokens, their sizes, and which of them each token that came in went into.

        Args:
            x: tokens; the class token first, where there is one.
            merges: in each layer; layers that are given no number are not run.
            size: how many tokens each one stands for, 1 unless said.
            class_token: the first token never merges.
            bias: one of `BIASES`.
        """
        sizes = x.new_ones(x.shape[:2]) if size is None else size
        group = torch.arange(x.shape[1], device=x.device).repeat(len(x), 1)
        for block, merged in zip(self.blocks, merges, strict=False):
            x, sizes, step = block(x, sizes, merged, class_token, bias)
            group = step.gather(1, group)
        return x, sizes, group

    @classmethod
    def of(cls, model: Any) -> "MergingStack":
        """The blocks of a DINOv2-shaped model of transformers; its weights are shared."""
        layers = model.encoder.layer
        mlp = layers[0].mlp.fc1
        with torch.device("meta"):  # no random numbers for weights that are replaced
            stack = cls(
                mlp.in_features, model.config.num_attention_heads, mlp.out_features, len(layers)
            )
        state = {
            f"blocks.{i}.{_renamed(name)}": value
            for i, layer in enumerate(layers)
            for name, value in layer.state_dict().items()
        }
        stack.load_state_dict(state, assign=True)
        return stack.eval().requires_grad_(False)

    def save(self, path: str | Path) -> None:
        """Write weights and sizes, as `load` reads them."""
        from safetensors.torch import save_file

        save_file(self.state_dict(), path, {k: str(v) for k, v in self.config.items()})

    @classmethod
    def load(cls, path: str | Path) -> "MergingStack":
        """A stack that was saved."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "pt") as f:
                sizes = {k: int(v) for k, v in (f.metadata() or {}).items()}
                with torch.device("meta"):
                    stack = cls(**sizes)
                state = {k: f.get_tensor(k) for k in f.keys()}  # noqa: SIM118
                stack.load_state_dict(state, assign=True)
        except (OSError, SafetensorError, TypeError, ValueError, RuntimeError) as error:
            hint = "Write one with `MergingStack(...).save(file)`."
            raise WeightsError("MergingStack", "a trained stack", str(path), hint) from error
        return stack.eval()


def size_bias(size: Float[Tensor, "b n"], form: str = "key") -> Float[Tensor, "b 1 q k"] | None:
    """What is added to logits of queries (rows) and keys (columns), so that size counts."""
    if form == "none":
        return None
    if form == "key":
        return rearrange(size.log(), "b k -> b 1 1 k")
    return rearrange(size.log(), "b q -> b 1 q 1").expand(-1, -1, -1, size.shape[1])


def schedule(layers: int, merged: int, inflection: float = 0.0) -> list[int]:
    """Merges of each layer: `merged` on average, more in earlier ones for a negative inflection.

    Args:
        layers: in all.
        merged: in each, on average.
        inflection: 0 is constant, -1 falls from twice as many to none, 1 rises likewise.
    """
    first = int(merged * (1 - inflection))
    step = (2 * (merged - first)) / max(1, layers - 1)
    return [int(first + step * i) for i in range(layers)]


def _renamed(name: str) -> str:
    stem, _, leaf = name.rpartition(".")
    return _RENAMED[name] if name in _RENAMED else f"{_RENAMED.get(stem, stem)}.{leaf}"
