"""Time tagger: five perceptrons over five forms of a sentence vote on which words say when."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.text.perceptron import Tagger, repaired
from vtk_notebooks.text.time_words import FORMS, features

Votes = Sequence[Sequence[str]]
"""What each tagger says of each word."""
LEAST = 2.0
"""Of weights; with it the five taggers fit into 200 kB and find as much as without."""


@dataclass(frozen=True)
class TimeTagger:
    """Taggers, one for each of `FORMS`, in order."""

    taggers: tuple[Tagger, ...]

    def votes(self, words: list[str]) -> list[list[str]]:
        """What each tagger says of each word."""
        return [t(features(words, form)) for t, form in zip(self.taggers, FORMS, strict=True)]

    def __call__(self, words: list[str]) -> list[str]:
        """The tags that are elected."""
        return elected(self.votes(words))

    def doubt(self, words: list[str]) -> float:
        """How much the taggers disagree, in [0, 1]; sentences with much are worth labelling."""
        return disagreement(self.votes(words))


def elected(votes: Votes) -> list[str]:
    """The tag with most votes at each word, of equals the one of the first tagger; repaired."""
    return repaired([max(column, key=column.count) for column in zip(*votes, strict=True)])


def disagreement(votes: Votes) -> float:
    """Mean entropy of the votes at a word, in [0, 1]: 0 where all agree, 1 where no two do."""
    columns = list(zip(*votes, strict=True))
    if not columns or len(votes) < 2:
        return 0.0
    shares = [[column.count(tag) / len(column) for tag in set(column)] for column in columns]
    entropies = [-sum(p * np.log(p) for p in share) for share in shares]
    return float(np.mean(entropies) / np.log(len(votes)))


def as_json(tagger: TimeTagger, numbers: Mapping[str, Any], least: float = LEAST) -> str:
    """Weights in hundredths without nearly idle features, and what was measured of them.

    Args:
        tagger: trained.
        numbers: measured.
        least: features whose weights are all nearer to 0 than that are left out.
    """
    models = []
    for form, one in zip(FORMS, tagger.taggers, strict=True):
        loud = {f: one.emission[row] for f, row in one.rows.items()}
        rows = {
            f: {int(k): round(100 * float(v[k])) for k in np.flatnonzero(np.abs(v) >= 0.01)}
            for f, v in loud.items()
            if np.abs(v).max() >= least
        }
        steps = np.round(100 * one.transition).astype(int).tolist()
        models.append({"form": form, "tags": one.tags, "rows": rows, "transition": steps})
    return json.dumps({"measured": numbers, "models": models}, separators=(",", ":"))


def from_json(text: str, who: str = "TimeTagger") -> TimeTagger:
    """What `as_json` wrote."""
    try:
        models = json.loads(text)["models"]
        if [m["form"] for m in models] != list(FORMS):
            raise ValueError(f"forms {[m['form'] for m in models]}")
        return TimeTagger(tuple(_tagger(m) for m in models))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        hint = "`python -m vtk_notebooks.training.time_phrases` writes it."
        raise WeightsError(who, "trained taggers as JSON", repr(error), hint) from error


def load(file: str | Path) -> TimeTagger:
    """Taggers from a file."""
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WeightsError("TimeTagger", "a file with trained taggers", str(file)) from error
    return from_json(text, str(file))


def _tagger(model: dict[str, Any]) -> Tagger:
    tags, rows = tuple(model["tags"]), model["rows"]
    emission = np.zeros((len(rows), len(tags)))
    for i, points in enumerate(rows.values()):
        for k, v in points.items():
            emission[i, int(k)] = v / 100
    steps = np.array(model["transition"], dtype=float) / 100
    return Tagger(tags, {f: i for i, f in enumerate(rows)}, emission, steps)
