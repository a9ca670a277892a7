"""Bidirectional state-space mixing: every token hears all others, at a cost linear in their number.

After STORM, "Token-Efficient Long Video Understanding for Multimodal LLMs" (Jiang et al., 2025,
arXiv:2503.04130). As there: each layer is X + MambaMixer(Norm(X)), with a scan in both directions
over all tokens of the film, swept left to right, top to bottom, frame by frame; pools and strides
come after it, and drop tokens whose history others carry.

The scan is that of Mamba, "Mamba: Linear-Time Sequence Modeling with Selective State Spaces" (Gu
and Dao, 2023, arXiv:2312.00752): h' = exp(step A) h + step B u, y = C h + D u, where step, B and C
follow from the input. Weights are named as in its release. It is written in plain torch: inside a
chunk an associative scan of logarithmic depth, between chunks the state is handed on, so that
memory stays bounded; in training a chunk is computed again for its gradients.

What could not be verified: the number of layers, the norm (here RMS, as in Mamba), and whether both
directions share weights (here each is a Mamba block of its own, and their outputs are added). What
differs: before training the weights are drawn, and what they add is kept quiet (`gain`).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import torch
from einops import einsum, rearrange, repeat
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import silu, softplus
from torch.utils.checkpoint import checkpoint

from vtk_notebooks.blocks.kernels import drawn, frozen, load_fitting, loudness, precise
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens, weakest

_MOST_FLOATS = 2**20
"""States held at once, 4 MB for each of the few tensors of a chunk."""


def scan(a: Float[Tensor, "b l *s"], b: Float[Tensor, "b l *s"]) -> Float[Tensor, "b l *s"]:
    """The h with h[0] = b[0] and h[k] = a[k] h[k-1] + b[k], in log(l) parallel steps.

    Steps k and k + 1 in a row are one step with a' = a[k+1] a[k] and b' = a[k+1] b[k] + b[k+1]:
    the pairs are scanned, which gives every second h, and those in between follow from them.
    """
    length = a.shape[1]
    if length == 1:
        return b
    half = length // 2
    first, second = slice(0, 2 * half, 2), slice(1, 2 * half, 2)
    odd = scan(a[:, second] * a[:, first], a[:, second] * b[:, first] + b[:, second])
    between = slice(2, length, 2)
    even = a[:, between] * odd[:, : (length - 1) // 2] + b[:, between]
    even = torch.cat([b[:, :1], even], 1)
    pairs = torch.stack([even[:, :half], odd], 2).flatten(1, 2)
    return torch.cat([pairs, even[:, half:]], 1)


def selective_scan(
    u: Float[Tensor, "b l e"],
    step: Float[Tensor, "b l e"],
    a: Float[Tensor, "e s"],
    b: Float[Tensor, "b l s"],
    c: Float[Tensor, "b l s"],
    d: Float[Tensor, "e"],
) -> Float[Tensor, "b l e"]:
    """What C h + D u reads of the state that each channel keeps of what came before.

    Args:
        u: what comes in.
        step: how long each token counts, above 0.
        a: how fast each state forgets, below 0.
        b: what of the input is written into the states.
        c: what is read from them.
        d: what goes past them.
    """
    state = u.new_zeros(len(u), *a.shape)
    size = max(1, _MOST_FLOATS // state.numel())
    learns = torch.is_grad_enabled() and any(x.requires_grad for x in (u, step, a, b, c))
    run: Callable[..., Any] = partial(checkpoint, _chunk, use_reentrant=False) if learns else _chunk
    out = []
    for first in range(0, u.shape[1], size):
        part = (x[:, first : first + size] for x in (u, step, b, c))
        y, state = run(*part, a, state)
        out.append(y)
    return torch.cat(out, 1) + d * u


def _chunk(
    u: Float[Tensor, "b l e"],
    step: Float[Tensor, "b l e"],
    b: Float[Tensor, "b l s"],
    c: Float[Tensor, "b l s"],
    a: Float[Tensor, "e s"],
    state: Float[Tensor, "b e s"],
) -> tuple[Float[Tensor, "b l e"], Float[Tensor, "b e s"]]:
    """What is read in one chunk, and the state behind it."""
    decay = (step[..., None] * a).exp()
    drive = einsum(step * u, b, "b l e, b l s -> b l e s")
    drive = torch.cat([drive[:, :1] + decay[:, :1] * state[:, None], drive[:, 1:]], 1)
    h = scan(decay, drive)
    return einsum(h, c, "b l e s, b l s -> b l e"), h[:, -1]


class MambaBlock(nn.Module):
    """One selective state space between a gate and two projections; no token hears a later one.

    Args:
        width: channels of a token.
        state: numbers that each inner channel remembers.
        conv: tokens that the convolution in front sees.
        expand: inner channels for each channel of a token.
    """

    def __init__(self, width: int, state: int = 16, conv: int = 4, expand: int = 2) -> None:
        super().__init__()
        inner, self.rank, self.state = expand * width, math.ceil(width / 16), state
        self.in_proj = nn.Linear(width, 2 * inner, bias=False)
        self.conv1d = nn.Conv1d(inner, inner, conv, groups=inner, padding=conv - 1)
        self.x_proj = nn.Linear(inner, self.rank + 2 * state, bias=False)
        self.dt_proj = nn.Linear(self.rank, inner)
        self.A_log = nn.Parameter(repeat(torch.arange(1.0, state + 1).log(), "s -> e s", e=inner))
        self.D = nn.Parameter(torch.ones(inner))
        self.out_proj = nn.Linear(inner, width, bias=False)
        self._first_steps()

    @torch.no_grad()
    def _first_steps(self, low: float = 1e-3, high: float = 0.1) -> None:
        """Steps start between `low` and `high`, on a logarithmic scale."""
        nn.init.uniform_(self.dt_proj.weight, -(self.rank**-0.5), self.rank**-0.5)
        step = (torch.rand_like(self.D) * math.log(high / low)).exp() * low
        self.dt_proj.bias.copy_(step + (-torch.expm1(-step)).log())  # the inverse of softplus

    def forward(self, x: Float[Tensor, "b l d"]) -> Float[Tensor, "b l d"]:
        u, gate = self.in_proj(x).chunk(2, -1)
        u = self.conv1d(rearrange(u, "b l e -> b e l"))[..., : x.shape[1]]  # it looks back only
        u = silu(rearrange(u, "b e l -> b l e"))
        step, b, c = self.x_proj(u).split([self.rank, self.state, self.state], -1)
        y = selective_scan(u, softplus(self.dt_proj(step)), -self.A_log.exp(), b, c, self.D)
        return self.out_proj(y * silu(gate))


class BidirectionalMamba(nn.Module):
    """The trainable kernel: layers of X + forth(Norm(X)) + back(Norm(X)).

    Args:
        width: channels of a token.
        layers: one after the other.
        state: as in `MambaBlock`, like the next two.
        conv: likewise.
        expand: likewise.
    """

    def __init__(
        self, width: int, layers: int = 1, state: int = 16, conv: int = 4, expand: int = 2
    ) -> None:
        super().__init__()
        sizes = {"state": state, "conv": conv, "expand": expand}
        self.config = {"width": width, "layers": layers, **sizes}
        self.norm = nn.ModuleList(nn.RMSNorm(width, 1e-5) for _ in range(layers))
        self.forth = nn.ModuleList(MambaBlock(width, **sizes) for _ in range(layers))
        self.back = nn.ModuleList(MambaBlock(width, **sizes) for _ in range(layers))

    def forward(self, x: Float[Tensor, "b l d"]) -> Float[Tensor, "b l d"]:
        for norm, forth, back in zip(self.norm, self.forth, self.back, strict=True):
            even = norm(x)
            x = x + forth(even) + back(even.flip(1)).flip(1)
        return x


@register(
    "mixer",
    "bidirectional_ssm",
    title="Bidirectional state space (STORM)",
    paper="Token-Efficient Long Video Understanding for Multimodal LLMs",
    year=2025,
    arxiv="2503.04130",
    atlas=("storm",),
)
@dataclass(frozen=True)
class BidirectionalSSM:
    """Write the film's past and future into every token.

    Args:
        layers: of an untrained kernel, like the next three.
        state: numbers that each inner channel remembers.
        conv: tokens that the convolution in front sees.
        expand: inner channels for each channel of a token.
        gain: how loud an untrained kernel speaks, in the loudness of each token's channels.
        seed: of the weights of an untrained kernel.
        file: a trained `BidirectionalMamba`; "" for an untrained one. It brings its own sizes, and
            speaks as loud as it was trained to.
    """

    causal: ClassVar[bool] = False

    layers: int = 1
    state: int = 16
    conv: int = 4
    expand: int = 2
    gain: float | int = 0.1
    seed: int = 0
    file: str = ""

    def __post_init__(self) -> None:
        if min(self.layers, self.state, self.conv, self.expand) < 1:
            got = f"{self.layers}, {self.state}, {self.conv} and {self.expand}"
            expected = "layers, state, conv and expand of 1 or more"
            raise VtkError("BidirectionalSSM", expected, got)

    def __call__(self, tokens: Tokens) -> Tokens:
        order = sweep(tokens)
        kernel = frozen(self._kernel(tokens.x.shape[1]), tokens.x)
        x = precise(tokens.x[order])[None]
        told = (kernel(x) - x)[0]
        if not self.file:
            told = self.gain * loudness(x[0], [w for _, w in tokens.spaces]) * told
        mixed = torch.zeros_like(told).index_copy(0, order, x[0] + told).to(tokens.x.dtype)
        return replace(tokens, x=mixed, kind=weakest(tokens.kind, "receptive"))

    def _kernel(self, width: int) -> BidirectionalMamba:
        if not self.file:
            sizes = self.layers, self.state, self.conv, self.expand
            return drawn(lambda: BidirectionalMamba(width, *sizes), self.seed)
        kernel = load_fitting(BidirectionalMamba, self.file, width, "BidirectionalSSM")
        return kernel


def sweep(tokens: Tokens) -> Int[Tensor, "n"]:
    """Numbers of the tokens in the order of their first cells: frame, then row, then column."""
    t, h, w = tokens.grid
    first = tokens.edges.new_full((len(tokens),), t * h * w)  # no cells: behind the last frame
    first = first.scatter_reduce(0, tokens.edges[:, 0], tokens.edges[:, 1], "amin")
    return first.argsort(stable=True)
