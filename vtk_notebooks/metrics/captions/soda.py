"""SODA_c: is the story told, in order, in the right places, and in no more words than it needs?

After "SODA: Story Oriented Dense Video Captioning Evaluation Framework" (Fujita et al., 2020). As
there: every predicted caption and every true one have a score, IoU times the similarity of their
sentences; of all matchings that keep both in order the one with the highest sum is taken, by
dynamic programming; the sum over the number of predictions is precision, over that of true captions
recall, and a film's score their F1. Captions are ordered by their start.

What differs: the paper's similarity is METEOR 1.5, a Java program. Here it is a parameter, and
every number says which one: `token_f1`, `same_words` (for titles), `meteor` (of nltk, without
synonyms), or any function of two texts. Numbers with one similarity do not compare with another's.
One set of true captions per film, where SODA takes the best of several. A film without a prediction
counts as 0. The paper has no arXiv number; its other variants (a, b, d) are not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.spans import all_ious
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.text.captions import Caption, best_in_order, f1, paired_films, times_s
from vtk_notebooks.text.sentences import LABELS, Similarity, similarity


@register(
    "metric",
    "soda",
    title="SODA_c",
    paper="SODA: Story Oriented Dense Video Captioning Evaluation Framework",
    year=2020,
    atlas=("vidchapters",),
)
@dataclass(frozen=True)
class Soda:
    """SODA_c, and its precision and recall, as parts of 1, named by their similarity.

    Args:
        similarity: of two sentences; a name in `sentences.SIMILARITIES`.
    """

    similarity: str = "token_f1"

    def __call__(
        self,
        answers: Sequence[Sequence[Caption]],
        truths: Sequence[Sequence[Caption]],
        alike: Similarity | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name, such as "SODA_c (token F1)".

        Args:
            answers: for each film, its predicted captions; may be empty.
            truths: for each film, one or more.
            alike: a similarity of one's own, instead of the named one.
        """
        chosen = similarity(self.similarity) if alike is None else alike
        label = LABELS[self.similarity] if alike is None else "given similarity"
        both = stories(answers, truths, chosen)
        return {
            f"SODA_c ({label})": Estimate.mean(f1(*both)),
            f"Precision ({label})": Estimate.mean(both[0]),
            f"Recall ({label})": Estimate.mean(both[1]),
        }

    @classmethod
    def example(cls) -> tuple[list[list[Moment]], list[list[Moment]]]:
        """A film of two events, found and told exactly."""
        story = [[Moment(0.0, 8.0, text="cut the bread"), Moment(8.0, 20.0, text="toast it")]]
        return story, story


def stories(
    answers: Sequence[Sequence[Caption]], truths: Sequence[Sequence[Caption]], alike: Similarity
) -> Float[np.ndarray, "2 n"]:
    """Precision, then recall, of each film's best matching in order."""
    each = []
    for said, true in paired_films("soda", answers, truths):
        total, _ = best_in_order(pair_scores(in_time(said), in_time(true), alike))
        each.append((total / max(1, len(said)), total / len(true)))
    return np.array(each).T


def pair_scores(
    said: Sequence[Caption], true: Sequence[Caption], alike: Similarity
) -> Float[np.ndarray, "p g"]:
    """IoU times similarity; sentences are compared only where their stretches meet."""
    scores = all_ious(times_s(said), times_s(true))
    for i, j in np.argwhere(scores > 0):
        scores[i, j] *= alike(said[i].text, true[j].text)
    return scores


def in_time(captions: Sequence[Caption]) -> list[Caption]:
    """In the order of their starts."""
    return sorted(captions, key=lambda c: c.start_s)
