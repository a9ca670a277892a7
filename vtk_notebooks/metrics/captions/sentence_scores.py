"""Sentence scores: CIDEr-D, ROUGE-L and a METEOR, of one sentence per film against one or more.

CIDEr-D after "CIDEr: Consensus-based Image Description Evaluation" (Vedantam et al., 2015,
arXiv:1411.5726), computed from its formula on sparse matrices: n-grams of 1 to 4 words weigh by
their count and by how few references use them; the cosine with each reference is clipped to what
the reference has, shrinks with the difference in length (a Gaussian of 6 words), and is averaged
over references and n, times 10. As in the COCO evaluation, which calls it CIDEr, words are not
stemmed, and rarity is counted in the references at hand, so that a score belongs to its data set.

ROUGE-L after "ROUGE: A Package for Automatic Evaluation of Summaries" (Lin, 2004), as in the COCO
evaluation: the longest common subsequence, best precision and best recall over references, recall
weighing 1.2 squared. METEOR is nltk's, without synonyms, and named so: see `sentences.meteor`.

What differs: words are ours, not those of the Penn Treebank tokenizer (Java); on YouCook2 both
agree. A sentence that is missing is given as "" and counts as 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import csr_array

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.text.captions import best_in_order
from vtk_notebooks.text.sentences import LABELS, meteor, words

_BETA2 = 1.2**2


@register(
    "metric",
    "sentence_scores",
    title="CIDEr-D, ROUGE-L, METEOR",
    paper="CIDEr: Consensus-based Image Description Evaluation",
    year=2015,
    arxiv="1411.5726",
)
@dataclass(frozen=True)
class SentenceScores:
    """CIDEr-D from 0 to 10, ROUGE-L and METEOR from 0 to 1.

    Args:
        longest: n-grams that count in CIDEr-D.
        sigma: by how many words a sentence may be too long or short.
        with_meteor: needs the extra `captions`.
    """

    longest: int = 4
    sigma: float = 6.0
    with_meteor: bool = True

    def __call__(
        self,
        said: Sequence[str],
        references: Sequence[Sequence[str]],
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name.

        Args:
            said: a sentence per item.
            references: one or more right ones per item.
            films: of each item; intervals then draw whole films.
        """
        if len(said) != len(references) or not len(said) or not all(map(len, references)):
            got = f"{len(said)} sentences for {len(references)} items"
            raise VtkError("sentence_scores", "a sentence, and one or more right ones, each", got)
        pairs = list(zip(said, references, strict=True))
        scores = {
            "CIDEr-D": cider_d(said, references, longest=self.longest, sigma=self.sigma),
            "ROUGE-L": [rouge_l(s, r) for s, r in pairs],
        }
        if self.with_meteor:
            scores[LABELS["meteor"]] = [max(meteor(s, one) for one in r) for s, r in pairs]
        return {name: Estimate.mean(values, films) for name, values in scores.items()}

    @classmethod
    def example(cls) -> tuple[list[str], list[list[str]]]:
        """Two sentences that are their references; of one alone no word would be rare."""
        right = ["cut the bread into thick slices", "a man rides his bicycle home"]
        return right, [[sentence] for sentence in right]


def cider_d(
    said: Sequence[str],
    references: Sequence[Sequence[str]],
    corpora: Sequence[Any] | None = None,
    *,
    longest: int = 4,
    sigma: float | int = 6,
) -> Float[np.ndarray, "q"]:
    """CIDEr-D of each item.

    Args:
        said: a sentence per item.
        references: of each item.
        corpora: in whose references the rarity of an item's words is counted, one label each, as
            evaluators of dense captions count it film by film; by default all are one corpus.
        longest: n of the longest n-grams.
        sigma: of the Gaussian penalty, in words.
    """
    item = np.repeat(np.arange(len(said)), [len(r) for r in references])
    labels = ["" for _ in said] if corpora is None else [str(c) for c in corpora]
    corpus = np.unique(labels, return_inverse=True)[1]
    a = [words(text) for text in said]
    b = [words(text) for r in references for text in r]
    longer = np.array([len(a[i]) for i in item]) - np.array([len(w) for w in b])
    near = np.exp(-(longer**2) / (2 * sigma**2))
    alike = sum(_cosines(a, b, item, corpus, n) for n in range(1, longest + 1)) / longest
    return 10 * np.bincount(item, near * alike) / np.bincount(item)


def rouge_l(said: str, references: Sequence[str]) -> float:
    """ROUGE-L of one sentence, as the COCO evaluation counts it."""
    a, each = words(said), [words(r) for r in references]
    common = [_subsequence(a, b) for b in each]
    precision = max(common) / max(1, len(a))
    recall = max(c / max(1, len(b)) for c, b in zip(common, each, strict=True))
    if not precision or not recall:
        return 0.0
    return (1 + _BETA2) * precision * recall / (recall + _BETA2 * precision)


def _cosines(
    a: Sequence[list[str]],
    b: Sequence[list[str]],
    item: Int[np.ndarray, "r"],
    corpus: Int[np.ndarray, "q"],
    n: int,
) -> Float[np.ndarray, "r"]:
    """For n-grams of one length: the clipped cosine of each reference with what was said."""
    columns: dict[tuple[Any, ...], int] = {}
    places = _places(a, corpus, n, columns), _places(b, corpus[item], n, columns)
    said, true = (_table(*at, (len(x), len(columns))) for at, x in zip(places, (a, b), strict=True))
    owner = _table(item, np.arange(len(item)), (len(a), len(item)))
    used = ((owner @ true) > 0).sum(0)  # an item's references count once, however many use it
    items = np.bincount(corpus)[np.array([key[0] for key in columns], dtype=int)]
    rarity = csr_array(np.log(items / np.maximum(1, used))[None])
    said, true = said.multiply(rarity).tocsr()[item], true.multiply(rarity).tocsr()
    dot = said.minimum(true).multiply(true).sum(1)
    size = np.sqrt(said.multiply(said).sum(1) * true.multiply(true).sum(1))
    return np.divide(dot, size, out=np.zeros(len(item)), where=size > 0)


def _places(
    texts: Sequence[list[str]],
    corpus: Int[np.ndarray, "n"],
    n: int,
    columns: dict[tuple[Any, ...], int],
) -> tuple[Int[np.ndarray, "k"], Int[np.ndarray, "k"]]:
    """Row and column of every n-gram; the same one in another corpus has another column."""
    at = [
        (row, columns.setdefault((label, *text[i : i + n]), len(columns)))
        for row, (text, label) in enumerate(zip(texts, corpus.tolist(), strict=True))
        for i in range(len(text) - n + 1)
    ]
    rows, places = np.array(at, dtype=int).reshape(-1, 2).T
    return rows, places


def _table(
    rows: Int[np.ndarray, "k"], columns: Int[np.ndarray, "k"], shape: tuple[int, int]
) -> csr_array:
    """How often each column is named in each row."""
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def _subsequence(a: list[str], b: list[str]) -> float:
    """Length of the longest common subsequence."""
    same = np.array([x == y for x in a for y in b], dtype=float)
    return best_in_order(same.reshape(len(a), len(b)))[0]
