"""Hallucination: which words of a description stand for something that is there, and which do not.

After "Vript: A Video Is Worth Thousands of Words" (Yang et al., 2024, arXiv:2406.06040). Vript-HAL
compares the nouns and verbs of a description with those of a detailed one that people made: a word
is supported if some word of the truth is near it, with a cosine above a half. Precision is the
share of words said that are supported (the rest is made up), F1 joins it with recall.

What differs: the released recall is the number of supported words said over the number of words in
the truth, so that saying ten words for one thing recalls it tenfold, beyond 1. Here it is the share
of the truth that some word said is near, which is never above 1; `bounded=False` is theirs. Words
and their vectors are brought by the caller (spaCy's and all-mpnet-base-v2 there); a description
without words has a precision of 0, where theirs cannot divide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

Embed = Callable[[list[str]], Float[np.ndarray, "n d"]]
"""From words to a vector for each."""


@register(
    "metric",
    "hallucination",
    title="Vript-HAL",
    paper="Vript: A Video Is Worth Thousands of Words",
    year=2024,
    arxiv="2406.06040",
    atlas=("vript",),
)
@dataclass(frozen=True)
class Hallucination:
    """Precision, recall and F1 of words in percent, averaged over descriptions.

    Args:
        threshold: of the cosine, which two words must exceed to mean the same.
        bounded: recall is a share of the truth; False counts as the authors' script does.
    """

    threshold: float = 0.5
    bounded: bool = True

    def __call__(
        self,
        said: Sequence[Sequence[str]],
        truths: Sequence[Sequence[str]],
        embed: Embed,
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "Precision", "Recall" and "F1", the mean of F1s.

        Args:
            said: nouns and verbs of each description, in their basic form; may be empty.
            truths: likewise, of what there is.
            embed: gives similar vectors to words that mean the same.
            films: of each description; intervals then draw whole films.
        """
        if len(said) != len(truths) or not len(said) or not all(map(len, truths)):
            got = f"{len(said)} descriptions and {len(truths)} truths"
            raise VtkError("Hallucination", "a description and words of truth for each", got)
        pairs = [self.shares(a, b, embed) for a, b in zip(said, truths, strict=True)]
        precision, recall = np.array(pairs).T
        total = precision + recall
        f1 = 2 * precision * recall / np.where(total > 0, total, 1)
        told = {"Precision": precision, "Recall": recall, "F1": f1}
        return {name: Estimate.mean(x, films, scale=100) for name, x in told.items()}

    def shares(
        self, said: Sequence[str], truth: Sequence[str], embed: Embed
    ) -> tuple[float, float]:
        """Precision and recall of one description; a word counts once, however often it is said."""
        words, there = sorted(set(said)), sorted(set(truth))
        if not words:
            return 0.0, 0.0
        near = cosines(embed(words), embed(there)) > self.threshold
        supported = near.any(1)
        recall = near.any(0).mean() if self.bounded else supported.sum() / len(there)
        return float(supported.mean()), float(recall)

    @classmethod
    def example(cls) -> tuple[list[list[str]], list[list[str]], Embed]:
        """Two descriptions that say exactly what is there, and vectors that tell words apart."""
        words = [["dog", "run"], ["cat"]]
        return words, words, _apart


def cosines(a: Float[np.ndarray, "n d"], b: Float[np.ndarray, "m d"]) -> Float[np.ndarray, "n m"]:
    """Of every vector with every other."""
    lengths = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)
    return a @ b.T / np.where(lengths > 0, lengths, 1)


def _apart(words: list[str]) -> Float[np.ndarray, "n d"]:
    """Words of three letters, at right angles where none of these agrees."""
    return np.stack([np.eye(26)[[ord(c) - ord("a") for c in w]].ravel() for w in words])
