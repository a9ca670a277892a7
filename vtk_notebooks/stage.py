"""Stage: the tokens after one mechanism, what they cost, and how the store keeps them."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from vtk_notebooks import registry
from vtk_notebooks.arrays import digest
from vtk_notebooks.part import Part
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


@dataclass(frozen=True)
class Made:
    """What a stage is made of: the same gives the same address, and the store remembers it.

    Args:
        part: the mechanism with its numbers.
        before: address of the clip, or of the stage before.
        weights: of an encoder.
        question: that the mechanism reads, "" where it reads none.
    """

    part: Part
    before: str
    weights: str = ""
    question: str = ""

    @property
    def address(self) -> str:
        """Where the store keeps it."""
        if self.part.kind == "encoder":
            return digest("encode", self.part, self.before, self.weights)
        return digest("stage", self.part, self.before, self.question)

    def as_dict(self) -> dict[str, Any]:
        """Plain, for the record."""
        plain = {"name": self.part.name, "kind": self.part.kind, "params": dict(self.part.params)}
        more = {"before": self.before, "weights": self.weights, "question": self.question}
        return {**plain, **more}


def made_from(part: Part, before: str, text: str) -> Made:
    """A compressor, mixer or memory on what stands there; only some read the question."""
    reads = getattr(part.build(), "needs_text", False)
    return Made(part, before, question=text if reads else "")


def seeded(part: Part, seed: int) -> Part:
    """The recipe's seed reaches every part that draws and was given none of its own."""
    draws = "seed" in registry.parameters(part.kind, part.name)
    return part if not draws or "seed" in dict(part.params) else part.with_(seed=seed)


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
