"""Speaking: what policies share that watch a stream and say after each frame whether to speak.

A policy has no state of its own: each `Decision` carries what the next one has to know, so one
policy serves any number of streams, and a stream is begun afresh by leaving the decision out.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import cosine_similarity

from vtk_notebooks.blocks.relevance import home_frames
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens

LEVEL, SPREAD, BEST = 0.4, 0.03, 0.05
"""Cosine at which a frame is as likely relevant as not, how fast that turns, and the part of its
cells that is asked: set by eye on ConSE's cosines of the gallery's two films."""


@dataclass(frozen=True)
class Decision:
    """What a policy says after a frame.

    Args:
        t_s: when the frame was seen.
        speak: whether to speak now.
        score: how much there is to say, as a number that compares along the stream.
        memory: what the policy has to know at the next frame; it does not grow with the stream, and
            decisions are compared without it.
    """

    t_s: float
    speak: bool
    score: float
    memory: tuple[Any, ...] = field(default=(), compare=False, repr=False)


Step = Callable[[Float[Tensor, "n d"], Query, float, Decision | None], Decision]
"""A frame's tokens in the question's space, the question, the time, the decision before."""


def watch(step: Step, tokens: Tokens, query: Query) -> tuple[Decision, ...]:
    """Feed a film to a policy, frame by frame; frames without a token are not seen.

    Tokens that were merged over time have heard from later frames before the policy is asked:
    for a stream, watch what an encoder gives.
    """
    x, home = tokens.part(query.space), home_frames(tokens)
    told: list[Decision] = []
    for frame, t_s in enumerate(tokens.times_s.tolist()):
        here = x[home == frame]
        if len(here):
            told.append(step(here, query, t_s, told[-1] if told else None))
    return tuple(told)


def turns(decisions: Sequence[Decision], duration_s: float, text: str = "") -> list[Moment]:
    """When it spoke: each run of frames after which it did, until the next frame; best first.

    Args:
        decisions: of one stream, in order.
        duration_s: of the stream, where its last frame ends.
        text: said of each moment.
    """
    found: list[tuple[float, float, list[float]]] = []
    for i, now in enumerate(decisions):
        after_s = decisions[i + 1].t_s if i + 1 < len(decisions) else duration_s
        if not now.speak or after_s <= max(now.t_s, 0):
            continue
        if found and found[-1][1] == now.t_s:
            found[-1] = (found[-1][0], after_s, [*found[-1][2], now.score])
        else:
            found.append((max(now.t_s, 0.0), after_s, [now.score]))
    moments = [Moment(a, b, sum(scores) / len(scores), text) for a, b, scores in found]
    return sorted(moments, key=lambda m: -m.score)


def seen(
    who: str, frame: Float[Tensor, "n d"], query: Query, t_s: float, before: Decision | None
) -> Float[Tensor, "n d"]:
    """The frame in 32 bits or more; what no stream holds is an error of the policy asked."""
    if not len(frame) or frame.shape[1] != len(query.vector):
        got = f"{tuple(frame.shape)}"
        raise ShapeError(who, f"one or more tokens of {len(query.vector)} channels", got)
    if not (torch.isfinite(frame).all() and torch.isfinite(query.vector).all()):
        raise VtkError(who, "finite features", "nan or inf", "Look at what encoded the frame.")
    in_order(who, t_s, before)
    return frame.to(torch.promote_types(frame.dtype, torch.float32))


def in_order(who: str, t_s: float, before: Decision | None) -> None:
    """Time only goes on."""
    if not math.isfinite(t_s) or (before is not None and t_s <= before.t_s):
        after = "a time" if before is None else f"a time after {before.t_s} s"
        raise VtkError(who, after, f"{t_s} s", "Begin another stream without `before`.")


def relevance(frame: Float[Tensor, "n d"], query: Query, best: float = BEST) -> float:
    """The mean cosine of the question and the best part of a frame's cells."""
    cosine = cosine_similarity(frame, query.vector.to(frame)[None], dim=-1)
    return cosine.topk(max(1, math.ceil(best * len(cosine)))).values.mean().item()


def chance(value: float, level: float, spread: float) -> float:
    """From 0 far below the level over a half at it to 1: a number where a model would learn one."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, (value - level) / spread))))


def part(who: str, **values: float) -> None:
    """Numbers that must lie in [0, 1]."""
    for name, value in values.items():
        if not 0 <= value <= 1:
            raise VtkError(who, f"{name} in [0, 1]", value)
