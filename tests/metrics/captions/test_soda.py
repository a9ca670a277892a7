from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vtk_notebooks import Moment, build
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.metrics.captions.soda import Soda, stories
from vtk_notebooks.text.captions import best_in_order
from vtk_notebooks.text.sentences import token_f1

SIZES = st.tuples(st.integers(1, 6), st.integers(1, 6))
SCORES = SIZES.flatmap(lambda size: arrays(float, size, elements=st.floats(0, 1)))
TEXTS = st.sampled_from(["cut bread", "cut the bread", "toast it", ""])
CAPTIONS = st.builds(
    lambda start, length, text: Moment(start, start + length, text=text),
    st.floats(0, 50), st.floats(0.1, 50), TEXTS,
)  # fmt: skip
CUT, TOAST = Moment(0.0, 8.0, text="cut the bread"), Moment(8.0, 20.0, text="toast it")


def by_hand(scores: np.ndarray) -> float:
    """The best of all matchings in order, each looked at."""
    p, g = scores.shape
    return max(
        sum(scores[i, j] for i, j in zip(rows, columns, strict=True))
        for many in range(min(p, g) + 1)
        for rows in combinations(range(p), many)
        for columns in combinations(range(g), many)
    )


def test_a_story_told_out_of_order_is_half_a_story():
    swapped = [Moment(0.0, 8.0, text="toast it"), Moment(8.0, 20.0, text="cut the bread")]
    assert Soda("same_words")([[CUT, TOAST]], [[CUT, TOAST]])["SODA_c (same words)"] == 1
    assert Soda("same_words")([swapped], [[CUT, TOAST]])["SODA_c (same words)"] == 0


def test_redundant_captions_cost_precision_and_missing_ones_recall():
    numbers = build("metric", "soda")([[CUT, CUT, CUT, TOAST]], [[CUT, TOAST]])
    assert numbers["Precision (token F1)"] == 0.5
    assert numbers["Recall (token F1)"] == 1
    assert numbers["SODA_c (token F1)"] == pytest.approx(2 / 3)
    assert Soda()([[TOAST]], [[CUT, TOAST]])["Recall (token F1)"] == 0.5


def test_a_caption_counts_by_its_overlap_times_the_likeness_of_its_sentence():
    late = Moment(4.0, 8.0, text="cut bread")
    score = Soda()([[late]], [[CUT]])["SODA_c (token F1)"]
    assert score == pytest.approx(0.5 * token_f1("cut bread", "cut the bread"))


@given(scores=SCORES)
def test_the_matching_is_the_best_of_all_that_keep_the_order(scores):
    total, pairs = best_in_order(scores)
    assert total == pytest.approx(by_hand(scores), abs=1e-12)
    assert sum(scores[i, j] for i, j in pairs) == pytest.approx(total, abs=1e-12)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@given(
    said=st.lists(CAPTIONS, min_size=1, max_size=4), true=st.lists(CAPTIONS, min_size=1, max_size=4)
)
def test_transposing_swaps_precision_and_recall(said, true):
    there, back = stories([said], [true], token_f1), stories([true], [said], token_f1)
    assert np.allclose(there, back[::-1])


@given(said=st.lists(CAPTIONS, max_size=5), draw=st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter(said, draw):
    shuffled = draw.sample(said, len(said))
    starts = [c.start_s for c in said]
    if len(set(starts)) == len(starts):
        assert Soda()([said], [[CUT, TOAST]]) == Soda()([shuffled], [[CUT, TOAST]])


def test_a_film_without_a_caption_counts_as_zero():
    assert Soda()([[CUT], []], [[CUT], [CUT]])["SODA_c (token F1)"] == 0.5


def test_a_similarity_of_ones_own_is_named_as_such():
    numbers = Soda()([[CUT]], [[TOAST]], alike=lambda said, true: 1.0)
    assert set(numbers) == {f"{n} (given similarity)" for n in ("SODA_c", "Precision", "Recall")}


def test_meteor_is_named_by_what_it_lacks():
    assert "SODA_c (METEOR exact+stem)" in Soda("meteor")([[CUT]], [[CUT]])


def test_an_unknown_similarity_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="token_f1"):
        Soda("token_f2")([[CUT]], [[CUT]])


def test_films_without_a_true_caption_are_refused():
    with pytest.raises(VtkError, match="one or more truths, per film"):
        Soda()([[CUT]], [[]])
