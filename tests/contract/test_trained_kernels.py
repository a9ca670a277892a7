"""What every mechanism promises that takes a file with a trained kernel."""

import pytest
import torch

from vtk_notebooks import build, names
from vtk_notebooks.blocks.gated_text import GatedCrossAttention
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.compressors.pool.token_shuffle import ShuffleProjection
from vtk_notebooks.compressors.resample.learned_query_resampler import Resampler
from vtk_notebooks.compressors.resample.local_attention_downsample import LocalAttention
from vtk_notebooks.compressors.resample.region_packer import Packer
from vtk_notebooks.compressors.resample.slot_sampler import Slots
from vtk_notebooks.compressors.resample.static_plus_context import ContextFormer
from vtk_notebooks.compressors.route.global_local import GlobalResidual
from vtk_notebooks.compressors.route.mixture_of_depths import RoutedLayer
from vtk_notebooks.compressors.select.gumbel_frame_select import FrameSelector
from vtk_notebooks.compressors.select.hierarchical_frame_select import Selector
from vtk_notebooks.compressors.select.text_frame_pool import TextPool
from vtk_notebooks.mixers.absolute_time import SecondTable
from vtk_notebooks.mixers.bidirectional_ssm import BidirectionalMamba
from vtk_notebooks.mixers.causal_features import Commonsense
from vtk_notebooks.mixers.context_refiner import RefinementDecoder
from vtk_notebooks.mixers.language_aligned_pe import CoordinateWords
from vtk_notebooks.mixers.temporal_adaptive_pe import Tape
from vtk_notebooks.models.merging import MergingStack
from vtk_notebooks.registry import parameters

D = 16
COMPRESSORS = {
    "global_local": (lambda: GlobalResidual(D), {"frames": 2}),
    "gumbel_frame_select": (lambda: FrameSelector(D, 2, 8, heads=2), {"slots": 2}),
    "hierarchical_frame_select": (lambda: Selector(D), {}),
    "in_layer_merge": (lambda: MergingStack(D, 2, 8, 2), {"layers": 2, "keep": 0.5}),
    "learned_query_resampler": (lambda: Resampler(D, 3, 8, heads=2), {"queries": 3}),
    "local_attention_downsample": (lambda: LocalAttention(D), {}),
    "mixture_of_depths": (lambda: RoutedLayer(D, 4), {}),
    "region_packer": (
        lambda: Packer(D, 2, 2, 2, inner=8, heads=2), {"region": 2, "slow": 2, "fast": 2},
    ),
    "slot_sampler": (lambda: Slots(D, 5), {"slots": 5}),
    "static_plus_context": (
        lambda: ContextFormer(D, 2, 8, heads=2), {"context": 2, "group": 3, "alike": -1.0},
    ),
    "text_frame_pool": (lambda: TextPool(D), {"segments": 2}),
    "token_shuffle": (lambda: ShuffleProjection(D), {}),
}  # fmt: skip
MIXERS = {
    "absolute_time": lambda: SecondTable(D, 9),
    "bidirectional_ssm": lambda: BidirectionalMamba(D),
    "causal_features": lambda: Commonsense(D, 4),
    "context_refiner": lambda: RefinementDecoder(D, 12, 1, 2),
    "gated_cross_attention": lambda: GatedCrossAttention(D, D, gate=1.0),
    "language_aligned_pe": lambda: CoordinateWords(D, 9),
    "temporal_adaptive_pe": lambda: Tape(D, clips=2),
}
EVERY = pytest.mark.parametrize("name", [*COMPRESSORS, *MIXERS])


@pytest.fixture
def answer(tmp_path, query):
    """Asks a mechanism whose kernel is as if trained: no layer of it is zero any more."""

    def ask(name, tokens):
        family = "compressor" if name in COMPRESSORS else "mixer"
        make, sizes = COMPRESSORS[name] if name in COMPRESSORS else (MIXERS[name], {})
        kernel, draw = drawn(make, 0), torch.Generator().manual_seed(1)
        for weight in kernel.parameters():
            weight.data = 0.3 * torch.randn(weight.shape, generator=draw)
        file = tmp_path / f"{name}.safetensors"
        if isinstance(kernel, Tape | MergingStack):
            kernel.save(file)
        else:
            save_kernel(kernel, file)
        made = build(family, name, **sizes, file=str(file))
        return made(tokens, query) if family == "compressor" else made(tokens)

    return ask


def test_every_mechanism_with_a_file_is_here():
    for family, known in (("compressor", COMPRESSORS), ("mixer", MIXERS)):
        assert [n for n in names(family) if "file" in parameters(family, n)] == sorted(known)


@EVERY
def test_its_answer_learns_through_it_but_carries_no_slopes_of_its_own(name, film, answer):
    assert not answer(name, film((5, 4, 3))).x.requires_grad
    tokens = film((5, 4, 3), grad=True)
    (slope,) = torch.autograd.grad(answer(name, tokens).x.square().sum(), tokens.x)
    assert slope.isfinite().all()
    assert slope.any()


@EVERY
def test_asked_in_64_bits_it_answers_in_64_bits(name, film, answer):
    tokens = film((5, 4, 3), dtype=torch.float64)
    exact, x = answer(name, tokens).x, tokens.x.clone()
    assert exact.dtype == torch.float64
    tokens.x.mul_(1 + 2.0**-40)  # too little for 32 bits
    moved = (answer(name, tokens).x - exact).abs().max()
    assert 0 < moved < 1e-6 * x.abs().max()


TELLS_MERGES = {"in_layer_merge"}
"""Its provenance says what was merged; each token has looked at its whole frame besides."""


@pytest.mark.parametrize("name", sorted(set(COMPRESSORS) - TELLS_MERGES))
@pytest.mark.parametrize("grid", [(5, 4, 3), (1, 4, 3)])
def test_nothing_outside_the_provenance_moves_a_token(name, grid, film, answer):
    tokens = film(grid, grad=True, dtype=torch.float64)
    out = answer(name, tokens)
    support = torch.zeros(len(out), len(tokens), dtype=torch.bool)
    support[tuple(out.edges.T)] = True
    for i, row in enumerate(out.x):
        (slope,) = torch.autograd.grad(row.square().sum(), tokens.x, retain_graph=True)
        assert not slope[~support[i]].any()
