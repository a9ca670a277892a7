"""Averaged perceptron: a tagger of sequences that learns by its mistakes, in integers.

Words have features, features vote for tags, neighbouring tags for each other; the best sequence is
found exactly (Viterbi). After "Discriminative Training Methods for Hidden Markov Models" (Collins,
2002): where the best sequence is wrong, the features of the right one gain a point and its own lose
one, and what is used in the end is the mean of the weights after every sentence. A phrase of kind K
is tagged B-K I-K I-K; an I behind anything else is never said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from vtk_notebooks.errors import VtkError

Features = Sequence[str]
"""Of one word."""


@dataclass(frozen=True)
class Tagger:
    """A trained perceptron.

    Args:
        tags: that it says, "O" among them.
        rows: of each feature.
        emission: points that a feature gives a tag.
        transition: points that a tag gives the next one; the last row is for the first word.
    """

    tags: tuple[str, ...]
    rows: dict[str, int]
    emission: Float[np.ndarray, "f k"]
    transition: Float[np.ndarray, "k1 k"]

    def scores(self, sentence: Sequence[Features]) -> Float[np.ndarray, "n k"]:
        """Points of each tag at each word, from its features alone."""
        return np.stack([self.emission[self._known(word)].sum(0) for word in sentence])

    def __call__(self, sentence: Sequence[Features]) -> list[str]:
        """The best tags."""
        if not sentence:
            return []
        path = viterbi(self.scores(sentence), self.transition, allowed(self.tags))
        return [self.tags[k] for k in path]

    def _known(self, word: Features) -> list[int]:
        return [self.rows[f] for f in word if f in self.rows]


def allowed(tags: Sequence[str]) -> Bool[np.ndarray, "k1 k"]:
    """Which tag may stand behind which; the last row is for the first word."""
    before = [*tags, "O"]
    return np.array([[_follows(a, b) for b in tags] for a in before])


def repaired(tags: Sequence[str]) -> list[str]:
    """The same phrases with every stray I turned into a B."""
    out: list[str] = []
    for tag in tags:
        out.append(tag if _follows(out[-1] if out else "O", tag) else f"B{tag[1:]}")
    return out


def phrases(tags: Sequence[str]) -> list[tuple[str, int, int]]:
    """Kind, first word and the one behind the last of every phrase."""
    found: list[tuple[str, int, int]] = []
    for at, tag in enumerate(repaired(tags)):
        if tag.startswith("B-"):
            found.append((tag[2:], at, at + 1))
        elif tag.startswith("I-"):
            kind, start, _ = found[-1]
            found[-1] = kind, start, at + 1
    return found


def viterbi(
    scores: Float[np.ndarray, "n k"] | Int[np.ndarray, "n k"],
    transition: Float[np.ndarray, "k1 k"] | Int[np.ndarray, "k1 k"],
    may: Bool[np.ndarray, "k1 k"],
) -> list[int]:
    """The allowed sequence with the most points, of equals the one with earlier tags."""
    step = np.where(may, transition, -np.inf)
    best, back = scores[0] + step[-1], []
    for here in scores[1:]:
        through = best[:, None] + step[:-1]
        back.append(through.argmax(0))
        best = through.max(0) + here
    path = [int(best.argmax())]
    for came in reversed(back):
        path.append(int(came[path[-1]]))
    return path[::-1]


def fit(
    sentences: Sequence[Sequence[Features]],
    truths: Sequence[Sequence[str]],
    *,
    epochs: int = 5,
    seed: int = 0,
) -> Tagger:
    """Learn from tagged sentences; equal seeds give equal taggers.

    Args:
        sentences: the features of their words.
        truths: the tags of their words.
        epochs: times that all are seen, each time in another order.
        seed: of the orders.
    """
    if not sentences or any(len(s) != len(t) for s, t in zip(sentences, truths, strict=True)):
        raise VtkError("perceptron.fit", "one or more sentences with a tag per word", "others")
    said = {tag for tags in truths for tag in tags} - {"O"}
    tags = ("O", *sorted(said))
    rows = {f: i for i, f in enumerate(sorted({f for s in sentences for w in s for f in w}))}
    numbered = [[[rows[f] for f in word] for word in s] for s in sentences]
    gold = [[tags.index(tag) for tag in truth] for truth in truths]
    learnt = Weights.zero(len(rows), len(tags))
    may, draw = allowed(tags), np.random.default_rng(seed)
    for _ in range(epochs):
        for i in draw.permutation(len(numbered)).tolist():
            if numbered[i]:
                learnt.see(numbered[i], gold[i], may)
    emission, transition = learnt.mean()
    return Tagger(tags, rows, emission, transition)


@dataclass
class Weights:
    """Integer weights and, beside them, what turns them into their mean without keeping all.

    A change made after c sentences is missing from the first c weights; so the sum over n of them
    is n times the last one, less every change times its c.
    """

    now: list[Int[np.ndarray, "_ _"]]
    late: list[Int[np.ndarray, "_ _"]]
    steps: int = 0

    @classmethod
    def zero(cls, features: int, tags: int) -> "Weights":
        """Of features and of the tags before."""
        shapes = ((features, tags), (tags + 1, tags))
        now, late = ([np.zeros(s, np.int64) for s in shapes] for _ in range(2))
        return cls(now, late)

    def see(
        self, sentence: list[list[int]], gold: list[int], may: Bool[np.ndarray, "k1 k"]
    ) -> None:
        """One sentence: mistakes change the weights."""
        scores = np.stack([self.now[0][word].sum(0) for word in sentence])
        said = viterbi(scores, self.now[1], may)
        if said != gold:
            for tags, sign in ((gold, 1), (said, -1)):
                for word, tag, before in zip(sentence, tags, [-1, *tags[:-1]], strict=True):
                    for row in word:
                        self._change(0, row, tag, sign)
                    self._change(1, before, tag, sign)
        self.steps += 1

    def mean(self) -> tuple[Float[np.ndarray, "f k"], Float[np.ndarray, "k1 k"]]:
        """Of the weights after every sentence."""
        n = max(1, self.steps)
        emission, transition = ((n * w - u) / n for w, u in zip(self.now, self.late, strict=True))
        return emission, transition

    def _change(self, table: int, row: int, tag: int, sign: int) -> None:
        self.now[table][row, tag] += sign
        self.late[table][row, tag] += sign * self.steps


def _follows(before: str, tag: str) -> bool:
    return not tag.startswith("I-") or before[1:] == tag[1:]
