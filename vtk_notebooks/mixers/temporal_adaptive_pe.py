"""Temporal adaptive position encoding (TAPE): tokens learn when they are from their neighbours.

After TimeSuite / VideoChat-T, "TimeSuite: Improving MLLMs for Long Video Understanding via Grounded
Tuning" (Zeng et al., 2024, arXiv:2410.19702). As there, and equal to the released module on its own
weights: project to a quarter of the width, average every `merge` tokens, go down by two depthwise
convolutions of stride 4, across by one as wide as the clips of the film and one more, up again by
nearest neighbours and depthwise convolutions with skips, and out by a layer that starts at zero.

What differs: there the code has one vector for each *shuffled* token, to which it is added. Here it
is added before the shuffle, to every token of a group, which after the shuffle's initial mean is
the same; so the number of tokens stays and it can stand anywhere in a recipe. Lengths that 16
groups do not divide are filled up with the last token.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import gelu, interpolate

from vtk_notebooks.blocks.kernels import frozen, precise
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens, weakest

_DOWN = 4
"""Stride of each of the two steps down."""


class Tape(nn.Module):
    """The trainable kernel: tokens to one code for each group of `merge`.

    Args:
        width: channels of a token.
        out: channels of a code; as many by default.
        merge: tokens in a group.
        clips: of the film; the widest convolution sees one more.
        mid: channels inside, a quarter of the width by default.
    """

    def __init__(
        self,
        width: int,
        out: int | None = None,
        *,
        merge: int = 4,
        clips: int = 16,
        mid: int | None = None,
    ) -> None:
        super().__init__()
        if clips % 2:
            raise VtkError("Tape", "an even number of clips", clips, "Its window must be odd.")
        out, mid = out or width, mid or max(1, width // 4)
        self.config = {"width": width, "out": out, "merge": merge, "clips": clips, "mid": mid}
        self.enter = nn.Linear(width, mid)
        self.pool = nn.AvgPool1d(merge)
        self.down = nn.ModuleList(_Separable(mid, 9, _DOWN) for _ in range(2))
        self.across = nn.Conv1d(mid, mid, clips + 1, padding=clips // 2)
        self.across_norm = nn.LayerNorm(mid)
        self.up = nn.ModuleList(_Separable(mid, 5, 1) for _ in range(2))
        self.leave = nn.Linear(mid, out)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    @property
    def multiple(self) -> int:
        """Numbers of tokens it takes are multiples of this."""
        return self.config["merge"] * _DOWN**2

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b k c"]:
        if x.shape[1] % self.multiple:
            raise ShapeError("Tape", f"a multiple of {self.multiple} tokens", x.shape[1])
        levels = [self.pool(rearrange(self.enter(x), "b n c -> b c n"))]
        for down in self.down:
            levels.append(down(levels[-1]))
        code = gelu(_normed(self.across(levels.pop()), self.across_norm))
        for up in self.up:
            code = up(interpolate(code, scale_factor=_DOWN, mode="nearest") + levels.pop())
        return self.leave(rearrange(code, "b c k -> b k c"))

    def save(self, path: str | Path) -> None:
        """Write weights and sizes, as `TemporalAdaptivePE(file=...)` reads them."""
        from safetensors.torch import save_file

        save_file(self.state_dict(), path, {k: str(v) for k, v in self.config.items()})


class _Separable(nn.Module):
    """Depthwise convolution, pointwise convolution, layer norm over channels, GELU."""

    def __init__(self, width: int, size: int, stride: int) -> None:
        super().__init__()
        self.depth = nn.Conv1d(width, width, size, stride=stride, padding=size // 2, groups=width)
        self.point = nn.Conv1d(width, width, 1)
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Float[Tensor, "b c n"]) -> Float[Tensor, "b c m"]:
        return gelu(_normed(self.point(self.depth(x)), self.norm))


@register(
    "mixer",
    "temporal_adaptive_pe",
    title="Temporal adaptive PE (TimeSuite)",
    paper="TimeSuite: Improving MLLMs for Long Video Understanding via Grounded Tuning",
    year=2024,
    arxiv="2410.19702",
    atlas=("timesuite",),
)
@dataclass(frozen=True)
class TemporalAdaptivePE:
    """Add each group's code to its tokens. The identity until it is trained.

    Args:
        file: safetensors that `Tape.save` wrote; "" for its initial value, nothing added.
    """

    causal: ClassVar[bool] = False

    file: str = ""

    def __call__(self, tokens: Tokens) -> Tokens:
        if not self.file:
            return tokens  # the layer out starts at zero
        tape = _load(self.file)
        if tape.config["width"] != tokens.x.shape[1] or tape.config["out"] != tokens.x.shape[1]:
            expected = f"{tape.config['width']} channels, as {self.file} was trained on"
            raise ShapeError("TemporalAdaptivePE", expected, tokens.x.shape[1], "Mind the encoder.")
        order = tokens.centre()[:, 0].argsort(stable=True)
        fill = order[-1:].expand(-len(order) % tape.multiple)
        x = precise(tokens.x[torch.cat([order, fill])])
        code = frozen(tape, x)(x[None])[0].repeat_interleave(tape.config["merge"], dim=0)
        told = torch.zeros_like(tokens.x).index_copy(0, order, code[: len(order)].to(tokens.x))
        return replace(tokens, x=tokens.x + told, kind=weakest(tokens.kind, "receptive"))


def _normed(x: Float[Tensor, "b c n"], norm: nn.LayerNorm) -> Float[Tensor, "b c n"]:
    return rearrange(norm(rearrange(x, "b c n -> b n c")), "b n c -> b c n")


def _load(file: str) -> Tape:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "pt") as f:
            sizes = {k: int(v) for k, v in (f.metadata() or {}).items()}
            tape = Tape(sizes.pop("width"), sizes.pop("out"), **sizes)
            tape.load_state_dict({k: f.get_tensor(k) for k in f.keys()})  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        hint = "Write one with `Tape(...).save(file)`."
        raise WeightsError("TemporalAdaptivePE", "a trained Tape", file, hint) from error
    return tape.eval()
