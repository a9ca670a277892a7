"""A head that learns: a network, what trains it, and how its answer becomes moments.

One subclass is one head. It says which network it is (`network`) and which objectives train it
(`objectives`, by name); everything else is here: drawing weights from a seed, keeping them in a
file, asking, decoding, and the loss that `training.train_head` lowers.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.arrays import digest
from vtk_notebooks.blocks.grounding.batch import (
    Batch,
    Grounding,
    Targets,
    collate,
    length_s,
    to_moments,
)
from vtk_notebooks.blocks.kernels import drawn, load_kernel, save_kernel
from vtk_notebooks.errors import SpaceError, WeightsError
from vtk_notebooks.moment import Moment
from vtk_notebooks.query import Query
from vtk_notebooks.registry import build
from vtk_notebooks.tokens import Tokens

H = TypeVar("H", bound="TrainedHead")


@dataclass(frozen=True, eq=False)
class TrainedHead:
    """A head with weights.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    file: str = ""
    overlap: float = 0.7
    most: int = 5

    network: ClassVar[Callable[..., nn.Module]]
    """Makes the network from a width and its own settings. The network takes the fields of a
    `Batch` and gives a `Grounding`."""
    objectives: ClassVar[tuple[str, ...]]
    """Names of the registered objectives whose terms are its loss."""

    @classmethod
    def new(cls: type[H], space: str, width: int, *, seed: int = 0, **config: Any) -> H:
        """An untrained head for tokens of a space.

        Args:
            space: of the tokens' channels and the question.
            width: number of those channels.
            seed: of the initial weights.
            config: settings of the network, such as `hidden`, its own channels.
        """
        head = cls()
        head.__dict__["kernel"] = drawn(lambda: cls._made(space, width=width, **config), seed)
        return head

    def __call__(self, tokens: Tokens, query: Query) -> list[Moment]:
        lasts_s, out = length_s(tokens), self.grounding(tokens, query)
        if tokens.duration_s > tokens.times_s[-1]:  # single precision may lie a hair behind it
            lasts_s = min(lasts_s, tokens.duration_s)
        return self.decode(out, [lasts_s], [query.text])[0]

    def saliency(self, tokens: Tokens, query: Query) -> Float[Tensor, "t"]:
        seen = tokens.kept().flatten(1).any(1)
        return torch.where(seen, self.grounding(tokens, query).saliency[0], torch.nan)

    @torch.no_grad()
    def grounding(self, tokens: Tokens, query: Query) -> Grounding:
        """All that the network says about one film."""
        if query.space != self.space:
            who, hint = type(self).__name__, "Ask with the encoder it was trained on."
            raise SpaceError(who, f"a question in {self.space!r}", query.space, hint)
        batch = self.collate([(tokens, query)])
        return self.kernel.to(batch.video.device)(*batch)

    def collate(self, pairs: Sequence[tuple[Tokens, Query]]) -> Batch:
        """Films and questions as its network takes them."""
        return collate(pairs)

    def decode(
        self, out: Grounding, durations_s: Sequence[float], texts: Sequence[str] | None = None
    ) -> list[list[Moment]]:
        """Moments in seconds, best first, for each film of a batch.

        Args:
            out: what the network said.
            durations_s: of the films.
            texts: what was asked.
        """
        return to_moments(out, durations_s, overlap=self.overlap, most=self.most, texts=texts)

    def loss(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """The terms of its objectives by name, unweighted; `loss_weights` says how they count."""
        every = [build("objective", name).terms(out, targets) for name in self.objectives]
        return {name: term for terms in every for name, term in terms.items()}

    @property
    def loss_weights(self) -> Mapping[str, float]:
        """How much each term of the loss counts."""
        every = [build("objective", name).weights for name in self.objectives]
        return {name: weight for weights in every for name, weight in weights.items()}

    def weights(self) -> str:
        """What the weights are, for the recipe's record."""
        state = sorted(self.kernel.state_dict().items())
        return f"{type(self).__name__} {digest(*[v for _, v in state])}"

    def save(self: H, path: str | Path) -> H:
        """Write the weights; gives the head that a recipe names by that file."""
        return replace(self, file=save_kernel(self.kernel, path))

    @cached_property
    def kernel(self) -> nn.Module:
        """The network."""
        who, expected = type(self).__name__, "a file of trained weights"
        hint = f"Train with `training.train_head({who}.new(...), films)`, then save."
        if not self.file:
            raise WeightsError(who, expected, "none", hint)
        try:
            return load_kernel(self._made, self._path())
        except WeightsError as error:
            raise WeightsError(who, expected, repr(self.file), hint) from error

    @property
    def space(self) -> str:
        """The feature space it was trained in."""
        return self.kernel.config["space"]  # pyright: ignore

    def _path(self) -> Path:
        """The file itself; a bare name is that of weights in the package."""
        if "/" in self.file or "." in self.file:
            return Path(self.file)
        home = Path(inspect.getfile(type(self)))
        return home.parent / "weights" / f"{home.stem}-{self.file}.safetensors"

    @classmethod
    def _made(cls, space: str, **config: Any) -> nn.Module:
        kernel = cls.network(**config)
        kernel.config = {"space": space, **config}  # pyright: ignore
        return kernel
