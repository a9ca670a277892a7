import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.retrieval.multi_event import MultiEvent, true_ranks

TRUE = np.arange(3)[:, None] == np.array([0, 0, 1, 2, 2])


def noise(seed, v=3, s=5):
    return np.random.default_rng(seed).normal(size=(v, s))


@given(seed=st.integers(0, 99), k=st.integers(1, 5))
def test_worst_is_never_above_hit_and_hit_never_above_best(seed, k):
    scores = MultiEvent((k,))(noise(seed), TRUE)
    for side in ("v2t", "t2v"):
        worst, hit, best = (scores[f"{side} {name}@{k}"] for name in ("worst", "hit", "best"))
        assert worst <= hit <= best


@given(seed=st.integers(0, 99))
def test_with_one_sentence_per_film_all_three_are_recall(seed):
    similarity = noise(seed, 6, 6)
    scores = MultiEvent((2,))(similarity, np.eye(6, dtype=bool))
    above = (similarity >= similarity.diagonal()[:, None]).sum(1)
    for name in ("hit", "best", "worst"):
        assert scores[f"v2t {name}@2"] == pytest.approx((above <= 2).mean())
    assert scores["v2t mean_mean"] == scores["v2t mean_median"] == pytest.approx(above.mean())
    assert scores["v2t median_mean"] == pytest.approx(np.median(above))


@given(seed=st.integers(0, 99))
def test_films_and_sentences_may_come_in_any_order(seed):
    rng = np.random.default_rng(seed)
    rows, columns, similarity = rng.permutation(3), rng.permutation(5), noise(seed)
    shuffled = MultiEvent()(similarity[rows][:, columns], TRUE[rows][:, columns])
    plain = MultiEvent()(similarity, TRUE)
    assert {k: pytest.approx(float(v)) for k, v in plain.items()} == shuffled


def test_ranks_are_counted_over_all_columns_from_one():
    [ranks] = true_ranks(np.array([[0.1, 0.9, 0.5, 0.7]]), np.array([[True, False, True, False]]))
    assert ranks.tolist() == [4, 3]


def test_a_constant_similarity_finds_nothing_first():
    scores = MultiEvent((1,))(np.zeros((3, 5)), TRUE)
    assert scores["v2t best@1"] == scores["t2v best@1"] == 0


def test_a_film_without_a_sentence_is_refused():
    with pytest.raises(VtkError, match="Leave out films"):
        MultiEvent()(noise(0), TRUE & (np.arange(3) > 0)[:, None])
