"""Sentences: the words and the things in a text, and how alike two texts are.

A similarity is any function of two texts with values in [0, 1], 1 for equal ones. Three are here by
name (`SIMILARITIES`); METEOR needs the extra `captions`, and is not the one that papers report.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import unknown

Similarity = Callable[[str, str], float]
"""How alike what was said and what is true are, in [0, 1]."""

_CLITIC = re.compile(r"(n['\u2019]t|['\u2019](?:s|re|ve|ll|d|m))\b")
_WORD = re.compile(r"['\u2019]?\w+(?:[-/'\u2019.](?=\w)\w+)*|[&%$]")
_FUNCTION = """
a about above across after again all along also an and another any are around as at away be
because been before behind being below beside between both but by can could did do does down
during each eight either every few five for four from had has have he her here him his how i if in
inside into is it its itself just many may me might more most much must my n't near next nine no
nor not of off on one onto or other our out outside over own past seven several she should six so
some such ten than that the their them then there these they this those three through to together
toward towards two under until up upon us very was we were what when where which while who whose
why will with within without would you your
"""
"""English words that name nothing."""


def words(text: str) -> list[str]:
    """Words in lower case, without punctuation; "don't" is two, "extra-virgin" is one.

    On the captions of YouCook2 these are the words of the Penn Treebank tokenizer that published
    evaluations use, which needs Java.
    """
    return _WORD.findall(_CLITIC.sub(r" \1", text.lower()))


def things(text: str) -> set[str]:
    """Words that could name something, in the singular: all but function words and numbers.

    A crude stand-in for a tagger of nouns: "runs" and "red" are things here too. The plural comes
    off by the three rules of Harman's S stemmer ("How effective is suffixing?", 1991).
    """
    nothing = set(_FUNCTION.split())
    return {singular(w) for w in words(text) if w[0].isalpha() and w not in nothing}


def singular(word: str) -> str:
    """A noun without its plural, by Harman's rules: knives becomes knive, glass stays."""
    if len(word) < 4:
        return word
    if word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if word.endswith("es") and word[-3] not in "aeo":
        return word[:-1]
    return word[:-1] if word.endswith("s") and word[-2] not in "us" else word


def letter_vectors(texts: Sequence[str]) -> Float[np.ndarray, "n v"]:
    """Counts of letter triples: no model, and alike means spelt alike."""
    counts = [Counter(zip(f"  {t} ", f" {t} ", f"{t} ", strict=False)) for t in texts]
    place = {triple: i for i, triple in enumerate(sorted(set().union(*counts)))}
    vectors = np.zeros((len(counts), len(place)))
    for row, count in zip(vectors, counts, strict=True):
        row[[place[triple] for triple in count]] = list(count.values())
    return vectors


def same_words(said: str, true: str) -> float:
    """1 where both have the same words in the same order, else 0."""
    return float(words(said) == words(true))


def token_f1(said: str, true: str) -> float:
    """F1 of the words they share, each as often as both have it; two texts without words agree."""
    a, b = Counter(words(said)), Counter(words(true))
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 1.0


def meteor(said: str, true: str) -> float:
    """METEOR of nltk, which matches equal words and equal Porter stems; no synonyms.

    After "METEOR: An Automatic Metric for MT Evaluation with High Levels of Correlation with Human
    Judgments" (Lavie and Agarwal, 2007) with its parameters, .9, 3 and .5. Papers on captions
    report METEOR 1.5, a Java program with other parameters, synonyms and paraphrases: compare
    neither with the other.
    """
    return _meteor(tuple(words(said)), tuple(words(true)))


SIMILARITIES: Mapping[str, Similarity] = MappingProxyType(
    {"same_words": same_words, "token_f1": token_f1, "meteor": meteor}
)
"""By name, as a recipe can write it down."""
LABELS: Mapping[str, str] = MappingProxyType(
    {"same_words": "same words", "token_f1": "token F1", "meteor": "METEOR exact+stem"}
)
"""What a score that uses it must say."""


def similarity(name: str) -> Similarity:
    """A similarity by its name; an unknown one is answered with the nearest."""
    if name not in SIMILARITIES:
        raise unknown("sentences", "similarity", name, SIMILARITIES)
    return SIMILARITIES[name]


def has_meteor() -> bool:
    """Whether the extra `captions` is installed."""
    from importlib.util import find_spec

    return find_spec("nltk") is not None


@cache
def _meteor(said: tuple[str, ...], true: tuple[str, ...]) -> float:
    # A lone word in a chunk of its own keeps a penalty of one half, even where both texts are it.
    return 1.0 if said == true else float(_nltk()(true, said, wordnet=_NoSynonyms()))


class _NoSynonyms:
    """In the place of WordNet, whose data do not come with nltk."""

    def synsets(self, *_: Any, **__: Any) -> list[Any]:
        return []


@cache
def _nltk() -> Callable[..., float]:
    try:
        from nltk.translate.meteor_score import single_meteor_score
    except ImportError:
        hint = "Install it: pip install 'vtk-notebooks[captions]'."
        raise VtkError("meteor", "the package nltk", "none", hint) from None
    return single_meteor_score
