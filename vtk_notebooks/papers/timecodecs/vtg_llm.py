"""VTG-LLM at work: tokens are told their second, slots gather them, times are spelt in digits."""

from pathlib import Path

import torch

from vtk_notebooks.compressors.resample.slot_sampler import SlotSampler
from vtk_notebooks.mixers.absolute_time import token_times_s
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run, run

MECHANISMS = ("timecodec:digit_tokens", "mixer:absolute_time", "compressor:slot_sampler")
TESTS = (
    "tests/timecodecs/test_digit_tokens.py",
    "tests/mixers/test_absolute_time.py",
    "tests/compressors/resample/test_slot_sampler.py",
    "tests/papers/timecodecs/test_vtg_llm.py",
)
DIFFERS = (
    "The language model and its training are not here: a training-free head finds the moments and "
    "the codec spells them. Without training the table of seconds adds nothing and slots are "
    "random directions; the demo shows with random vectors for seconds that what is told before "
    "the slots can be read off them behind. 32 frames by default instead of 96."
)


def recipe() -> Recipe:
    """The table of seconds (zero without a trained file), 256 slots, six words for a time."""
    stages = (Part("absolute_time"), Part("slot_sampler"))
    return Recipe(stages=stages, timecodec=Part("digit_tokens"), name="VTG-LLM")


def demo(film: Path, query: str) -> Demo:
    """The moments that slots leave, spelt in digits; how far off times read off slots are."""
    done = run(recipe(), film, query)
    off_s, spread_s = _read_off(done)
    return demo_of(done, read_off_by_s=off_s, slot_spread_s=spread_s)


@torch.no_grad()
def _read_off(done: Run) -> tuple[float, float]:
    """Each frame's own random vector is gathered by the slots; the mean time that it gives back.

    Returns:
        How far that is from the mean time of what a slot took, at the worst, and how far those
        mean times are apart.
    """
    before, packed = done.stages[0].tokens, SlotSampler()(done.stages[0].tokens)
    draw = torch.Generator().manual_seed(0)
    told = torch.linalg.qr(torch.randn(256, before.grid[0], generator=draw)).Q.T
    frame = packed.edges[:, 1] // (before.grid[1] * before.grid[2])
    heard = torch.zeros(len(packed), 256)
    heard.index_add_(0, packed.edges[:, 0], packed.share[:, None].float() * told[frame])
    share = heard @ told.T  # what a slot took of each frame, read off its channels
    read_s = share @ before.times_s.float() / share.sum(1)
    true_s = token_times_s(packed).float()
    return (read_s - true_s).abs().max().item(), (true_s.max() - true_s.min()).item()
