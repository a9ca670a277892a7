"""Tiny live: a language model of seven words that learns in seconds when to speak.

It reads one number a frame, how alike the frame is to what was asked for, between its own words,
and learns from made curves to say "seen" once, as soon as it comes into view.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.blocks.live_stream import Marks, Said, Stream, Watched, laid_out
from vtk_notebooks.blocks.speaking import Decision
from vtk_notebooks.metrics.captions.live_dialogue import Turn
from vtk_notebooks.models.live_reading import LiveReader, embedded
from vtk_notebooks.objectives.streaming_eos import StreamingEOS
from vtk_notebooks.runs import counted
from vtk_notebooks.streaming.replies.live_decoder import LiveDecoder

MARKS = Marks(frame=0, opens=1, closes=2, end=3, interval=4)
SAYS, SEEN = 5, 6
WORDS = 7
FRAMES = 20
STEPS, BATCH = 90, 16


class TinyLive(nn.Module):
    """The language model and what turns a frame's number into a token of it."""

    def __init__(self) -> None:
        from transformers import LlamaConfig, LlamaForCausalLM

        super().__init__()
        config = LlamaConfig(
            vocab_size=WORDS, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=2, max_position_embeddings=256, tie_word_embeddings=True,
        )  # fmt: skip
        self.language = LlamaForCausalLM(config)
        self.connector = nn.Sequential(nn.Linear(1, 32), nn.GELU(), nn.Linear(32, 32))

    def forward(
        self, streams: Sequence[Stream], curves: Float[Tensor, "b t"]
    ) -> Float[Tensor, "b l v"]:
        """Logits of streams of one length, each with its own curve."""
        ids, frames = (torch.stack([getattr(s, n) for s in streams]) for n in ("ids", "frames"))
        x = embedded(self.language, ids, frames, self.seen(curves.flatten()))
        return self.language(inputs_embeds=x).logits

    def seen(self, curve: Float[Tensor, "n"]) -> Float[Tensor, "n d"]:
        """Frames as tokens."""
        return self.connector((curve[:, None] - 0.35) * 8)


@dataclass(frozen=True)
class Made:
    """Curves of likeness, each with the frame from which on the thing is in view."""

    curves: Float[Tensor, "b t"]
    onsets: tuple[int, ...]

    @classmethod
    def of(cls, seed: int, count: int) -> "Made":
        """Noise about a low level, and about a higher one from some frame on."""
        draw = generator(seed)
        onsets = torch.randint(2, FRAMES - 2, (count,), generator=draw)
        level = 0.18 + 0.14 * torch.rand(count, 1, generator=draw)
        rise = 0.17 + 0.13 * torch.rand(count, 1, generator=draw)
        curves = level + 0.03 * torch.randn(count, FRAMES, generator=draw)
        curves = curves + rise * (torch.arange(FRAMES) >= onsets[:, None])
        return cls(curves, tuple(onsets.tolist()))

    def streams(self) -> list[Stream]:
        """What should be said: "seen", after the first frame in which it is."""
        told = Said([SAYS, SEEN], taught=True)
        rest = [FRAMES - onset - 1 for onset in self.onsets]
        return [
            laid_out([Watched(onset + 1), told, Watched(after, reply=False)], MARKS)
            for onset, after in zip(self.onsets, rest, strict=True)
        ]


def taught(seed: int = 0) -> tuple[TinyLive, list[float]]:
    """A model taught by the streaming objective alone, and its losses."""
    model, objective = drawn(TinyLive, seed), StreamingEOS()
    learn, losses = torch.optim.AdamW(model.parameters(), 6e-3, weight_decay=0.01), []
    for step in counted(STEPS, "training"):
        made = Made.of(1000 * (seed + 1) + step, BATCH)
        streams = made.streams()
        labels, frames = (
            torch.stack([getattr(s, n) for s in streams]) for n in ("labels", "frames")
        )
        loss = objective(model(streams, made.curves), labels, frames)
        learn.zero_grad()
        loss.backward()
        learn.step()
        losses.append(loss.item())
    return model.eval(), losses


@torch.no_grad()
def turns_of(model: TinyLive, made: Made, policy: LiveDecoder) -> list[list[Turn]]:
    """How a model does on streams whose replies are known, as `LiveDialogue` reads it."""
    streams = made.streams()
    logs = model(streams, made.curves).log_softmax(-1)
    dialogues = []
    for stream, onset, row in zip(streams, made.onsets, logs, strict=True):
        told: list[Decision] = []
        for i, place in enumerate(stream.decisions[: onset + 1].tolist()):
            told.append(policy.decide(row[place], float(i), silence=MARKS.silence))
        spoke = next((i for i, d in enumerate(told) if d.speak), None)
        words = stream.decisions[onset] + torch.arange(2, 4)  # behind the bracket and its opening
        due = stream.labels[words]
        surprise = tuple((-row[words, due]).tolist())
        right = tuple((row[words].argmax(-1) == due).tolist())
        dialogues.append([Turn(onset + 1, spoke, 0, surprise, right)])
    return dialogues


@torch.no_grad()
def watched(
    model: TinyLive, curve: Sequence[float], times_s: Sequence[float], policy: LiveDecoder
) -> tuple[list[Decision], int]:
    """A stream, step by step: decisions, and how many words were said."""
    language: Any = model.language
    reader, said, told = LiveReader(language), 0, list[Decision]()
    before = torch.tensor([MARKS.opens])
    embed = language.get_input_embeddings()
    for value, t_s in zip(curve, times_s, strict=True):
        x = torch.cat([embed(before), model.seen(torch.tensor([value]))])
        logits = reader.read(x)
        decision = policy.decide(logits, t_s, told[-1] if told else None, silence=MARKS.silence)
        told.append(decision)
        before = torch.tensor([MARKS.interval])
        if decision.speak:
            logits = reader.say(torch.tensor([MARKS.closes, SAYS]))
            said += len(reader.reply(logits, MARKS.end, most=4))
            before = torch.tensor([MARKS.opens])
    return told, said
