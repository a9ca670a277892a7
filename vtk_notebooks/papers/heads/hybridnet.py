"""HybridNet at work: what happens is seen, why and to what effect is learnt along with it."""

from pathlib import Path
from typing import cast

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.arrays import generator
from vtk_notebooks.heads.memory_routed_decoder import Kernel, MemoryRoutedDecoder
from vtk_notebooks.objectives.commonsense_captions import KINDS, CommonsenseCaptions
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import answered
from vtk_notebooks.papers.heads._planted import trained as train
from vtk_notebooks.query import Query
from vtk_notebooks.runs import counted
from vtk_notebooks.tokens import Tokens

MECHANISMS = ("head:memory_routed_decoder", "objective:commonsense_captions")
TESTS = (
    "tests/heads/test_memory_routed_decoder.py",
    "tests/objectives/test_commonsense_captions.py",
    "tests/blocks/test_relational_memory.py",
    "tests/papers/heads/test_hybridnet.py",
)
DIFFERS = (
    "Sentences are two of 24 made words and films show one of eight made events, instead of "
    "Video-to-Commonsense; why, to what effect and by whom follow from the event and are never on "
    "screen. Frames are the only features: no I3D, no sound. It is small (32 channels, not 512), "
    "trained for seconds and tells greedily, without beams; such short sentences are told as well "
    "without the memory, so the demo shows that kinds are learnt together, not that it helps. For "
    "a real film it learns planted moments in ConSE's space, where the question is read as a "
    "sentence of every kind; that its words answer when is ours, and so is the term of the loss "
    "that asks for it."
)
EVENTS, WIDTH, LENGTH = 8, 32, 2


def known() -> tuple[Float[Tensor, "e d"], Query, Int[Tensor, "e k l"]]:
    """How events look, all words there are, and what is said of each event in every kind."""
    draw = generator(77)
    looks, words = (normalize(torch.randn(n, WIDTH, generator=draw), dim=-1) for n in (EVENTS, 24))
    said = torch.randint(24, (EVENTS, len(KINDS), LENGTH), generator=draw)
    names = tuple(f"word {i}" for i in range(24))
    return looks, Query("every word", words.mean(0), words, names, "made"), said


def shown(seed: int, frames: int = 8) -> tuple[Tokens, int]:
    """A film of one event, seen in its middle, and which one."""
    draw = generator(seed)
    event = int(torch.randint(EVENTS, (), generator=draw))
    x = 0.7 * normalize(torch.randn(frames, WIDTH, generator=draw), dim=-1)
    x[2:6] += known()[0][event]
    return Tokens.from_grid(x[:, None, None], torch.arange(frames) / 1, space="made"), event


def taught(steps: int = 40, memory: float = 0.4) -> MemoryRoutedDecoder:
    """A head that has read sentences of every kind about 64 films.

    Args:
        steps: of training.
        memory: how much the memory counts in an attention; 0 for plain attention.
    """
    route = [memory, 0.1, 0.1]
    head = MemoryRoutedDecoder.new("made", WIDTH, hidden=32, heads=2, route=route)
    _, words, said = known()
    films = [shown(seed) for seed in range(64)]
    batch = head.collate([(tokens, words) for tokens, _ in films])
    sentences = batch.text[0][said[[event for _, event in films]]]
    there = torch.ones(sentences.shape[:-1], dtype=torch.bool)
    kernel = cast(Kernel, head.kernel.requires_grad_().train())
    loss, draw = CommonsenseCaptions(), generator(0)
    optimiser = torch.optim.Adam(kernel.parameters(), 3e-3)
    for _ in counted(steps, "training"):
        rows = torch.randperm(len(films), generator=draw)[:16]
        video, mask = batch.video[rows], batch.video_mask[rows]
        aux = kernel.written(video, mask, sentences[rows], there[rows])
        optimiser.zero_grad()
        loss(aux["logits"], aux["words"], aux["said"])["total"].backward()
        optimiser.step()
    kernel.eval()
    return head


def right(head: MemoryRoutedDecoder, films: int = 12) -> dict[str, float]:
    """The share of right words that it tells of films it never saw, by kind."""
    _, words, said = known()
    found = []
    for seed in range(10_000, 10_000 + films):
        tokens, event = shown(seed)
        told = head.tell(tokens, words, LENGTH)
        number = torch.tensor([[words.tokens.index(w) for w in sentence] for sentence in told])
        found.append((number == said[event]).float())
    by_kind = rearrange(torch.stack(found), "f k l -> k (f l)").mean(1)
    return {f"right_{kind}": share for kind, share in zip(KINDS, by_kind.tolist(), strict=True)}


def demo(film: Path, query: str) -> Demo:
    """What the question finds in the film, and what a head tells of made ones."""
    told = right(taught())
    for name, head in (("without_memory", taught(memory=0.0)), ("untaught", taught(steps=0))):
        told[f"right_words_{name}"] = sum(right(head).values()) / len(KINDS)
    head = train(MemoryRoutedDecoder, 24, 8)
    return answered(head, "memory_routed_decoder", film, query, **told)
