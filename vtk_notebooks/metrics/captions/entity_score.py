"""Entity score: do a description and its reference name the same things?

After "Fine-grained Audible Video Description" (Shen et al., 2023, arXiv:2303.15616). With p the
things that a prediction names and r those of its reference: R is the part of r that is in p, C the
mean over p of how near the nearest of r is, (cosine + 1) / 2, and the score is their harmonic mean.
The released code calls R precision; it is a recall. A new wrong thing lowers C and not R.

What differs: nouns are found by a tagger (nltk's) and compared by their Porter stems, and cosines
are of T5's word pieces, position by position, padding included; here whoever asks brings a function
that finds things and one that embeds them, one vector each, and what stands in by default needs no
model: every word but function words, in the singular, and counts of letter triples. So a number
belongs to its two functions. In `strict` mode a prediction without things counts as 0, and a
reference without any is left out. `upstream` repeats the released code: it leaves out both, and
adds 1e-4 to R, so that a perfect score is 1.00005.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.text.captions import f1
from vtk_notebooks.text.sentences import letter_vectors, things

Finder = Callable[[str], set[str]]
"""From a text to the things it names, in one form each."""
Embedder = Callable[[Sequence[str]], Float[np.ndarray, "n d"]]
"""From things to one vector each; all that are compared are given at once."""

_RELEASED = 1e-4


@register(
    "metric",
    "entity_score",
    title="EntityScore",
    paper="Fine-grained Audible Video Description",
    year=2023,
    arxiv="2303.15616",
    atlas=("favd",),
)
@dataclass(frozen=True)
class EntityScore:
    """EntityScore, and its R and C, as parts of 1.

    Args:
        mode: "strict" counts a prediction without things as 0, "upstream" leaves it out.
    """

    mode: Literal["strict", "upstream"] = "strict"

    def __call__(
        self,
        said: Sequence[str],
        references: Sequence[str],
        find: Finder = things,
        embed: Embedder = letter_vectors,
    ) -> dict[str, Estimate]:
        """Numbers by name, and "no_things", the percentage of predictions without any.

        Args:
            said: a description per film.
            references: the right one of each.
            find: the things in a text; a tagger of nouns, say.
            embed: their vectors.
        """
        if len(said) != len(references) or not len(said):
            got = f"{len(said)} descriptions for {len(references)} references"
            raise VtkError("entity_score", "a description for each reference", got)
        named = [(find(s), find(r)) for s, r in zip(said, references, strict=True)]
        recall, near = np.array([shared(p, r, embed) for p, r in named]).T
        if self.mode == "upstream":
            recall = np.where([not p for p, _ in named], np.nan, recall + _RELEASED)
        return {
            "EntityScore": Estimate.mean(f1(recall, near)),
            "R": Estimate.mean(recall),
            "C": Estimate.mean(near + 0 * recall),  # nan where R is: both are of the same films
            "no_things": Estimate.mean([not p for p, _ in named], scale=100),
        }

    @classmethod
    def example(cls) -> tuple[list[str], list[str]]:
        """Two films described with the things of their references, in another order."""
        right = ["A man speaks into a microphone.", "A dog barks at two red cars."]
        return ["Into a microphone, a man speaks.", "At two red cars barks a dog."], right


def shared(said: set[str], true: set[str], embed: Embedder) -> tuple[float, float]:
    """R and C of one description; nan where the reference names nothing, 0 where it does."""
    if not true:
        return float("nan"), float("nan")
    if not said:
        return 0.0, 0.0
    p, r = sorted(said), sorted(true)
    vectors = embed([*p, *r])
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    nearest = np.minimum((unit[: len(p)] @ unit[len(p) :].T).max(1), 1)
    return len(said & true) / len(true), float((nearest + 1).mean() / 2)
