"""VideoRefer at work: objects of a made film are told apart by their tokens."""

from pathlib import Path

import torch
from torch.nn.functional import normalize

from vtk_notebooks.blocks.relevance import token_relevance
from vtk_notebooks.compressors.pool.object_tokens import ObjectTokens
from vtk_notebooks.encoders import DINOv2
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.video.synth import make_film

MECHANISMS = ("compressor:object_tokens",)
TESTS = (
    "tests/compressors/pool/test_object_tokens.py",
    "tests/papers/heads/test_videorefer.py",
)
DIFFERS = (
    "No language model reads the tokens: that they stand for their objects is seen by telling the "
    "objects of a made film, whose masks are exact, apart. Features are those of DINOv2 "
    "(made film) and ConSE (real film) instead of SigLIP. In a real film the mask is where ConSE "
    "sees the question best."
)


def told_apart(seed: int = 0, objects: int = 5, frames: int = 40) -> float:
    """The share of a made film's objects that are most like themselves, seen in other frames."""
    film = make_film(seed, shots=objects, duration_s=frames / 4, frame_rate_hz=4, size=(112, 112))
    tokens, masks = DINOv2(patches=64)(film.clip), torch.from_numpy(film.masks)
    number = masks.flatten(2).any(2).cumsum(1)  # of the frames in which an object is seen
    halves = (masks & (number % 2 == k)[..., None, None] for k in (0, 1))
    once = ObjectTokens(tokens=1)
    one, other = (normalize(once.of(tokens, half).x, dim=-1) for half in halves)
    right = (one @ other.T).argmax(1) == torch.arange(len(one))
    return right.float().mean().item()


def demo(film: Path, query: str) -> Demo:
    """Tokens of what the question is about, when they are, and objects told apart."""
    done = run(Recipe((Part("conse"),), name="VideoRefer"), film, query)
    tokens = done.tokens
    seen = token_relevance(tokens, done.query)
    mask = (seen >= seen.quantile(0.98)).view(1, *tokens.grid)
    found = ObjectTokens().of(tokens, mask)
    frames = mask.flatten(2).any(2).sum()
    return demo_of(
        done,
        object_tokens=float(len(found)),
        frames_with_the_object=float(frames),
        cells_under_the_mask=float(mask.sum()),
        told_apart_share=told_apart(),
    )
