"""Stage: the tokens after one mechanism, what they cost, and how the store keeps them."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from vtk_notebooks.tokens import Space, Tokens


@dataclass(frozen=True)
class Stage:
    """The tokens after one mechanism, and what they cost to make.

    Args:
        name: of the mechanism, with its numbers.
        tokens: as it left them.
        seconds: wall time when they were computed, which may have been in an earlier session.
        peak_bytes: memory the process grew by while computing them.
        address: of the tokens in the store; several, joined by "+", for encoders side by side.
        reused: whether they came out of the store.
    """

    name: str
    tokens: Tokens
    seconds: float
    peak_bytes: int
    address: str = ""
    reused: bool = False


def beside(stages: list[Stage]) -> Stage:
    """Several encoders' stages as one: channels side by side on the first one's grid."""
    tokens = stages[0].tokens
    for other in stages[1:]:
        tokens = tokens.beside(other.tokens)
    return Stage(
        " + ".join(s.name for s in stages),
        tokens,
        sum(s.seconds for s in stages),
        max(s.peak_bytes for s in stages),
        "+".join(s.address for s in stages),
        all(s.reused for s in stages),
    )


def stage_from(
    name: str, address: str, tensors: dict[str, Tensor], record: dict[str, Any]
) -> Stage:
    """A stage as the store remembers it."""
    tokens = Tokens(
        **tensors,
        grid=tuple(record["grid"]),
        duration_s=record["duration_s"],
        kind=record["kind"],
        spaces=tuple(Space(*s) for s in record["spaces"]),
        view=tuple(record["view"]),
    )
    return Stage(name, tokens, record["seconds"], record["peak_bytes"], address, reused=True)


def tensors_of(tokens: Tokens) -> dict[str, Tensor]:
    """What the store keeps of tokens as tensors."""
    return {name: getattr(tokens, name) for name in ("x", "edges", "share", "times_s")}


def record_of(tokens: Tokens) -> dict[str, Any]:
    """What the store keeps of tokens as JSON."""
    names = ("grid", "duration_s", "kind", "spaces", "view")
    return {name: getattr(tokens, name) for name in names}
