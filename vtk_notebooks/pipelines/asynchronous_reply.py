"""Asynchronous reply: watching goes on while an answer is being written.

After "Dispider: Enabling Video LLMs with Active Real-Time Interaction via Disentangled Perception,
Decision, and Reaction" (Qian et al., 2025, arXiv:2501.03218). As there, three parts: perception
takes frames in, a decision after them says whether a reply is due, and a reaction writes it from
the clips that fit the question (those above a cosine of 0.2, 4 at least and 28 at most, in the
order of time), beside the stream: it is handed what had been seen when it was due, and no frame
waits for it.

What differs: one thread reacts, one reply after the other, and of those that wait only the newest
`waiting` are kept, so that a reaction slower than the stream cannot pile up work; how the released
code treats that could not be verified. Any registered policy decides. The reaction is handed in,
any function from what is due to a text; without one the reply tells the clip that fits best, which
finds and does not write.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from vtk_notebooks import registry
from vtk_notebooks.blocks.speaking import Decision
from vtk_notebooks.blocks.streaming.waking import selected
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


class Due(NamedTuple):
    """What a reaction is handed."""

    t_s: float
    question: str
    clips: tuple[tuple[float, float, float], ...]
    """From when to when each clip lasts, and its cosine; in the order of time."""


class Reply(NamedTuple):
    """What was written about what had been seen by then."""

    due: Due
    text: str


React = Callable[[Due], str]


@dataclass(frozen=True)
class Conversation:
    """What came of a stream.

    Args:
        decisions: one for each frame.
        replies: in the order in which they were due.
        dropped: replies that were due and had to make room for later ones.
    """

    decisions: tuple[Decision, ...]
    replies: tuple[Reply, ...]
    dropped: int = 0

    def __str__(self) -> str:
        """One line for each reply."""
        return "\n".join(f"{r.due.t_s:.1f} s: {r.text}" for r in self.replies) or "(silence)"


@dataclass
class _Reaction:
    """Writes replies in a thread of its own."""

    react: React
    waiting: int
    replies: list[Reply] = field(default_factory=list)
    dropped: int = 0
    failed: BaseException | None = None

    def __post_init__(self) -> None:
        self._due: queue.Queue[Due | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def put(self, due: Due) -> None:
        """Ask for a reply and go on at once."""
        while self._due.qsize() >= self.waiting:
            try:
                self._due.get_nowait()
            except queue.Empty:  # it was begun in between
                break
            self.dropped += 1
        self._due.put(due)

    def end(self) -> None:
        """Wait for what is still to be written."""
        self._due.put(None)
        self._thread.join()
        if self.failed is not None:
            raise self.failed

    def _work(self) -> None:
        while (due := self._due.get()) is not None:
            try:
                self.replies.append(Reply(due, self.react(due)))
            except BaseException as error:  # told to whoever watches, when the stream is over
                self.failed = error
                return


@register(
    "pipeline",
    "asynchronous_reply",
    title="Asynchronous reply (Dispider)",
    paper="Dispider: Enabling Video LLMs with Active Real-Time Interaction via Disentangled "
    "Perception, Decision, and Reaction",
    year=2025,
    arxiv="2501.03218",
    atlas=("dispider",),
)
@dataclass(frozen=True)
class AsynchronousReply:
    """Perceive, decide, and react beside both.

    Args:
        policy: that decides, by its registered name.
        cut: cosine of neighbouring frames at or below which a clip ends, for the memory and for a
            policy that cuts too.
        waiting: replies that may wait for the one being written; the oldest give way.
        clips: that the memory keeps.
    """

    policy: str = "speak_decision"
    cut: float = 0.9
    waiting: int = 4
    clips: int = 32

    def __post_init__(self) -> None:
        if min(self.waiting, self.clips) < 1:
            raise VtkError("AsynchronousReply", "waiting and clips of 1 or more", self)

    def __call__(self, clip: Clip, question: str, react: React | None = None) -> Conversation:
        """Watch a clip frame by frame, as ConSE sees it."""
        if not question.strip():
            raise VtkError("AsynchronousReply", "a question", repr(question))
        encoder = registry.build("encoder", "conse")
        frames = (encoder(Clip(*one, clip.origin)) for one in _frames(clip))
        return self.follow(frames, encoder.read(question), react)

    def follow(
        self, frames: Iterable[Tokens], query: Query, react: React | None = None
    ) -> Conversation:
        """Watch a stream until it ends; then wait for replies that are still being written.

        Args:
            frames: one at a time, one token per cell, each with its time.
            query: what was asked.
            react: writes a reply; an error of it is raised when the stream has ended.
        """
        cuts = {"cut": self.cut} if "cut" in registry.parameters("policy", self.policy) else {}
        policy = registry.build("policy", self.policy, **cuts)
        kept = {"clips": self.clips, "cut": self.cut, "mode": "offline", "threshold": -2.0}
        memory = registry.build("memory", "clip_memory", **kept)
        reaction, told = _Reaction(react or _found, self.waiting), list[Decision]()
        try:
            for tokens in frames:
                t_s = tokens.times_s[0].item()
                memory.write(tokens, t_s)
                before = told[-1] if told else None
                told.append(policy.step(tokens.part(query.space), query, t_s, before))
                if told[-1].speak:
                    reaction.put(_due(memory, query, [d.t_s for d in told]))
        finally:
            reaction.end()
        return Conversation(tuple(told), tuple(reaction.replies), reaction.dropped)

    @classmethod
    def example(cls) -> tuple[Clip, str, React]:
        """A film that turns from black to white, and a reaction that tells what it was shown."""
        grey = np.repeat(np.array([0] * 6 + [255] * 6, dtype=np.uint8), 32 * 32 * 3)
        clip = Clip(grey.reshape(12, 32, 32, 3), np.arange(12) * 0.5, Origin("grey", 6.0))
        return clip, "What is it?", lambda due: f"{len(due.clips)} clips shown"


def _due(memory: Any, query: Query, times_s: list[float]) -> Due:
    """What had been seen by now, as the reaction is shown it; the stream leaves it alone."""
    woken = memory.recall(query)
    shown = [woken[i] for i in selected([one.score for one in woken])]
    ends_s = [*times_s[1:], times_s[-1]]
    spans = [(times_s[c.first], ends_s[c.stop - 1], c.score) for c in shown]
    return Due(times_s[-1], query.text, tuple(spans))


def _found(due: Due) -> str:
    """The clip that fits best, in place of an answer."""
    start_s, end_s, score = max(due.clips, key=lambda clip: clip[2])
    return f"seen from {start_s:.1f} s to {end_s:.1f} s (cosine {score:.2f})"


def _frames(clip: Clip) -> Iterator[tuple[Any, Any]]:
    """Frames and times of a clip, one by one."""
    for i in range(len(clip)):
        yield clip.frames[i : i + 1], clip.times_s[i : i + 1]
