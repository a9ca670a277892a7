"""Dispider at work: a film is watched and decided on while a slow reaction writes its replies."""

import threading
from dataclasses import replace
from pathlib import Path

import torch

from vtk_notebooks.blocks.speaking import turns
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.pipelines.asynchronous_reply import AsynchronousReply
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.tokens import Tokens

MECHANISMS = ("memory:clip_memory", "policy:speak_decision", "pipeline:asynchronous_reply")
TESTS = (
    "tests/contract/test_policies.py",
    "tests/contract/test_memories.py",
    "tests/streaming/memory/test_clip_memory.py",
    "tests/streaming/replies/test_speak_decision.py",
    "tests/pipelines/test_asynchronous_reply.py",
    "tests/papers/streaming/test_dispider.py",
)
DIFFERS = (
    "Neither the compressor of 1.5B nor the 7B model that replies is here: ConSE's cosine decides "
    "after each clip, and a reply tells which clip fits. The reaction is made slow on purpose, it "
    "waits for the end of the film, to show that no frame waits for it. The head that decides can "
    "be trained and named by its file. Clips end at a cosine of 0.95: frames are closer in ConSE's "
    "space than in SigLIP's."
)
FRAMES, CUT, PATIENCE_S = 20, 0.95, 60.0


def demo(film: Path, query: str) -> Demo:
    """When replies are due, and whether all frames were seen while the first one was written."""
    done = run(Recipe(frames=FRAMES, name="Dispider"), film, query)
    tokens, over = done.stages[0].tokens, threading.Event()

    def stream():
        grid = tokens.part(done.query.space).unflatten(0, tokens.grid)
        for x, t_s in zip(grid.split(1), tokens.times_s.split(1), strict=True):
            yield Tokens.from_grid(x, t_s, space=done.query.space)
        over.set()

    def slow(due):
        ended = over.wait(PATIENCE_S)
        return f"{len(due.clips)} clips" if ended else ""

    talk = AsynchronousReply(cut=CUT).follow(stream(), done.query, slow)
    moments = tuple(turns(talk.decisions, done.clip.duration_s, query))
    curve = torch.tensor([d.score for d in talk.decisions])
    return demo_of(
        replace(done, moments=moments, saliency=curve),
        frames_seen=float(len(talk.decisions)),
        replies=float(len(talk.replies)),
        replies_after_the_film_share=sum(bool(r.text) for r in talk.replies)
        / max(1, len(talk.replies)),
        first_due_s=talk.replies[0].due.t_s if talk.replies else done.clip.duration_s,
    )
