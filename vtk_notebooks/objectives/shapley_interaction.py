"""Shapley interaction: how much a sentence and a moment are worth together beyond each alone.

After "G2L: Semantically Aligned and Uniform Video Grounding via Geodesic and Game Theory" (Li et
al., 2023, arXiv:2307.14277). As there: sentences and moments are the players of a game whose value
is how well they match, the mean over sentences of the best softmax of similarity and the mean over
moments, halved; the interaction of a pair is a soft label for the softmax of that pair.

What differs: the interaction is that of the textbook, v(all) - v(without i) - v(without j) +
v(without both), which is 0 for a value that adds up; the released code has the third and fourth
sign the other way round. Only what gains counts as a label, and labels get no gradient. The game is
among the sentences of a batch and their true moments, because there is one sentence a film.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.blocks.grounding.intervals import iou
from vtk_notebooks.registry import register

Value = Callable[[list[int], list[int]], Float[Tensor, ""]]
"""What a coalition of sentences and moments, given by their numbers, is worth."""


@register(
    "objective",
    "shapley_interaction",
    title="Shapley interaction (G2L)",
    paper="G2L: Semantically Aligned and Uniform Video Grounding via Geodesic and Game Theory",
    year=2023,
    arxiv="2307.14277",
    atlas=("g2l",),
)
@dataclass(frozen=True)
class ShapleyInteraction:
    """The cross-entropy of matches with their interactions.

    Args:
        shapley: weight of the term.
        tau: temperature of the matches.
    """

    shapley: float = 0.1
    tau: float = 0.1

    @property
    def weights(self) -> dict[str, float]:
        """How much the term counts."""
        return {"shapley": self.shapley}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """The loss of a head's batch.

        Args:
            out: with one proposal for each moment, and aux "moments" (b n c) and "text" (b c).
            targets: the first span of each film is the truth.
        """
        true = iou(out.spans, targets.spans[:, :1]).argmax(1)
        rows = torch.arange(len(true), device=true.device)
        moments = normalize(out.aux["moments"][rows, true], dim=-1)
        return {"shapley": self(normalize(out.aux["text"], dim=-1) @ moments.T)}

    def __call__(self, alike: Float[Tensor, "s m"]) -> Float[Tensor, ""]:
        """The loss of sentences and moments.

        Args:
            alike: similarity of each sentence with each moment.
        """
        label = interactions(alike.detach() / self.tau).clamp_min(0)
        label = label / label.norm().clamp_min(1e-9)
        return -(label * (alike / self.tau).log_softmax(1)).sum() / len(alike)


def interactions(alike: Float[Tensor, "s m"]) -> Float[Tensor, "s m"]:
    """The interaction of every sentence with every moment, among all of them."""
    sentences, moments = alike.shape
    return torch.stack(
        [
            torch.stack(
                [
                    interaction(lambda s, m: matched(alike[s][:, m]), alike.shape, (i, j))
                    for j in range(moments)
                ]
            )
            for i in range(sentences)
        ]
    )


def interaction(value: Value, players: tuple[int, ...], pair: tuple[int, int]) -> Float[Tensor, ""]:
    """What a sentence and a moment gain by each other, among all players.

    Args:
        value: of a coalition.
        players: how many sentences and moments there are.
        pair: number of the sentence and of the moment.
    """
    everyone = [list(range(n)) for n in players]
    without = [[p for p in everyone[k] if p != pair[k]] for k in (0, 1)]
    both, neither = value(everyone[0], everyone[1]), value(without[0], without[1])
    return both - value(without[0], everyone[1]) - value(everyone[0], without[1]) + neither


def matched(alike: Float[Tensor, "s m"]) -> Float[Tensor, ""]:
    """How well sentences and moments match, in [0, 1]; 0 if there are none of either."""
    if not alike.numel():
        return alike.new_zeros(())
    share = alike.softmax(1)
    return (share.amax(0).mean() + share.amax(1).mean()) / 2
