"""Adapter: what every architecture can be asked once it is loaded."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens


@dataclass(frozen=True)
class Record:
    """What was loaded, exactly; goes into the provenance of everything the model makes.

    Args:
        id: a hub id or a folder, as asked for.
        revision: the commit it was pinned to; a hash of the files for a folder.
        model_type: of its config.
        dtype: of the weights in memory, as torch names it.
        device: where they are.
        attention: implementation that runs ("sdpa", "eager", ...).
        weights_bytes: of all parameters.
        licence: as its card states it, "" where it states none.
    """

    id: str
    revision: str
    model_type: str
    dtype: str
    device: str
    attention: str
    weights_bytes: int
    licence: str = ""

    @property
    def label(self) -> str:
        """One line for a recipe's record."""
        return f"{self.id}@{self.revision[:12]} {self.dtype}".rstrip()


@dataclass(frozen=True)
class Answer:
    """What a language model said, token by token.

    Args:
        text: decoded, without special tokens.
        ids: of the generated tokens.
        words: each of them as text.
        logprobs: of each generated token, natural logarithm.
        prefill_s: until the first token was known.
        decode_s: for all others.
        prompt_tokens: how many positions the prompt took, video included.
        video_tokens: how many of those were video.
    """

    text: str
    ids: tuple[int, ...]
    words: tuple[str, ...]
    logprobs: Float[Tensor, "l"]
    prefill_s: float
    decode_s: float
    prompt_tokens: int
    video_tokens: int


class Adapter(ABC):
    """One loaded model behind the door.

    Args:
        model: the transformers model, in eval mode, without gradients.
        settings: its preprocessing, as its own files give it ("preprocessor_config.json" and
            "video_preprocessor_config.json" merged); never guessed.
        tokenizer: of its text side, None where it has none.
        record: what was loaded.
        folder: where its files lie, for what a few architectures keep beside; None for none.
    """

    model_types: ClassVar[tuple[str, ...]]
    """`model_type`s of configs that this file serves."""
    auto: ClassVar[str] = "AutoModel"
    """The class of transformers that loads it."""

    def __init__(
        self,
        model: Any,
        settings: Mapping[str, Any],
        tokenizer: Any,
        record: Record,
        folder: Path | None = None,
    ) -> None:
        self.model, self.settings = model, settings
        self.tokenizer, self.record, self.folder = tokenizer, record, folder

    def __repr__(self) -> str:
        r = self.record
        facts = (r.id, f"{r.weights_bytes / 1e6:.1f} MB", r.dtype, r.device, r.attention)
        told = ", ".join(fact for fact in facts if fact)
        return f"{type(self).__name__}({told}; licence: {r.licence or 'not stated'})"

    @property
    def space(self) -> str:
        """Name of the feature space of its tokens (and of its queries, where words share it)."""
        return self.record.label

    def weights(self) -> str:
        """What the weights are, for a recipe's record."""
        return self.record.label

    @abstractmethod
    def encode(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """Frames to tokens, whose edges say which patch, frame and second each speaks for."""

    def __call__(self, clip: Clip) -> Tokens:
        """As `encode`: an adapter is an encoder."""
        return self.encode(clip)

    def read(self, text: str) -> Query:
        """Text to a query in the same space; an error where words do not share it."""
        raise VtkError(type(self).__name__, "a model with a text side", f"read({text!r})")

    def answer(self, prompt: str, tokens: Tokens, *, most: int = 64) -> Answer:
        """What the language model says to a prompt about these tokens, compressed or not."""
        got = f"answer({prompt!r}) for {len(tokens)} tokens, at most {most}"
        raise VtkError(type(self).__name__, "a model that generates text", got)
