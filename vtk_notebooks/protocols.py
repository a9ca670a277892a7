"""What the mechanisms promise, as protocols: whoever has these methods belongs to the family.

The contract tests run every registered member against its protocol.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol, runtime_checkable

from jaxtyping import Bool, Float
from torch import Tensor

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.blocks.speaking import Decision
from vtk_notebooks.clip import Clip
from vtk_notebooks.moment import Moment
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Kind, Tokens


@runtime_checkable
class Encoder(Protocol):
    """Frames to tokens. Same clip, same tokens."""

    space: ClassVar[str]
    """Name of the feature space; tokens and queries of one space compare."""

    def weights(self) -> str:
        """What the weights are (package, version, SHA-256), for the recipe's record."""
        ...

    def __call__(self, clip: Clip) -> Tokens:
        """One token per cell of the grid this encoder sees."""
        ...


@runtime_checkable
class Reader(Protocol):
    """The text side of an encoder whose space words share with frames."""

    space: ClassVar[str]

    def read(self, text: str) -> Query:
        """The question as vectors of this space."""
        ...


@runtime_checkable
class Mixer(Protocol):
    """Tokens to as many tokens: they exchange information."""

    causal: ClassVar[bool]
    """No token hears from a later frame."""

    def __call__(self, tokens: Tokens) -> Tokens:
        """The mixed tokens."""
        ...


@runtime_checkable
class Compressor(Protocol):
    """Tokens to fewer tokens, with exact provenance; the input is left untouched."""

    kind: ClassVar[Kind]
    """How its shares are meant."""
    needs_text: ClassVar[bool]
    """Whether it reads the query."""

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        """The compressed tokens."""
        ...

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        """Fewest and most tokens it returns for one token per cell of that grid."""
        ...

    def at(self, keep: float) -> "Compressor":
        """The same mechanism at the budget nearest to that part of the tokens, in (0, 1]."""
        ...


@runtime_checkable
class TimeCodec(Protocol):
    """Seconds to symbols and back. Encoding clamps; decoding never raises on model output."""

    @property
    def vocab(self) -> tuple[str, ...]:
        """The symbols, by number; what a language model has to learn."""
        ...

    def encode(self, t_s: float, duration_s: float) -> tuple[int, ...]:
        """Symbol numbers for a time."""
        ...

    def decode(self, ids: Sequence[int], duration_s: float) -> float | None:
        """The time that symbols mean; None where they mean nothing."""
        ...

    def encode_span(self, start_s: float, end_s: float, duration_s: float) -> tuple[int, ...]:
        """Symbols for a span, start first."""
        ...

    def render(self, ids: Sequence[int]) -> str:
        """Symbols as the text a language model reads."""
        ...

    def parse(self, text: str, duration_s: float) -> list[Moment]:
        """Every well-formed span in a model's answer, in order."""
        ...

    def max_error_s(self, duration_s: float) -> float:
        """The bound on abs(decode(encode(t)) - t)."""
        ...


@runtime_checkable
class Head(Protocol):
    """Tokens and a query to moments. It finds a planted moment in a made film."""

    def __call__(self, tokens: Tokens, query: Query) -> list[Moment]:
        """Moments inside the film, best first."""
        ...

    def saliency(self, tokens: Tokens, query: Query) -> Float[Tensor, "t"]:
        """How well each frame answers; nan where no token is left."""
        ...


@runtime_checkable
class GroundingLoss(Protocol):
    """An objective that trains a head: `training.train_head` lowers the weighted sum."""

    @property
    def weights(self) -> Mapping[str, float]:
        """How much each term counts."""
        ...

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """Its terms by name, unweighted, each the mean over what it looks at."""
        ...


@runtime_checkable
class Memory(Protocol):
    """A bounded store for a stream; it never looks ahead.

    `example` gives parameters with which it is full after a few frames.
    """

    kind: ClassVar[Kind]
    """How its shares are meant."""
    needs_text: ClassVar[bool]
    """Whether it reads the query."""

    def write(self, tokens: Tokens, t_s: float | int) -> None:
        """Take in what is seen.

        Args:
            tokens: one per cell of one frame or a few.
            t_s: when the first of them is seen; the others follow as their times tell.
        """
        ...

    def read(self, query: Query | None = None) -> Tokens:
        """What is remembered, for that question, on the grid of all frames so far."""
        ...

    def reset(self) -> None:
        """Forget everything."""
        ...

    def most(self, cells: tuple[int, int]) -> int:
        """Most tokens that `read` gives, however long the stream.

        Args:
            cells: rows and columns of a frame.
        """
        ...


@runtime_checkable
class Policy(Protocol):
    """When to speak: fed one frame of a stream at a time, it says so at once, never looking ahead.

    `blocks.speaking.watch` feeds it a film. It keeps nothing itself: a stream without `before`
    begins, and what a decision carries on does not grow.
    """

    def step(
        self,
        frame: Float[Tensor, "n d"],
        query: Query,
        t_s: float,
        before: Decision | None = None,
    ) -> Decision:
        """Whether to speak after this frame.

        Args:
            frame: its tokens, in the question's space.
            query: what was asked.
            t_s: later than the frame before.
            before: the decision after the frame before; None begins a stream.
        """
        ...

    def at(self, eager: float) -> "Policy":
        """The same policy, more or less eager, in [0, 1]; a more eager one speaks no less often."""
        ...


@runtime_checkable
class Pattern(Protocol):
    """Who may look at whom, as a table; `example` gives arguments for a table one can read."""

    def __call__(self, grid: tuple[int, int, int], n_text: int = 0) -> Bool[Tensor, "n n"]:
        """True where the token of that row may look at the token of that column.

        Args:
            grid: t, h and w of the media tokens, which come first, frame by frame, row by row.
            n_text: tokens of text behind them.
        """
        ...
