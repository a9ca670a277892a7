import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.streaming import remember
from vtk_notebooks.streaming.memory.kv_retrieval import KvRetrieval, block_topk
from vtk_notebooks.tokens import Tokens


def film(t=20, d=6, seed=0):
    x = torch.randn(t, 2, 3, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 1, space="made")


def question(*words):
    told = torch.stack(words)
    return Query("made", told.sum(0), told, tuple("w" * len(told)), "made")


def frames(out):
    return (out.edges[:, 1] // 6).unique().tolist()


def test_a_question_fetches_the_frame_it_is_about_however_long_ago():  # the paper's claim
    tokens = film(40)
    asked = question(tokens.x.view(40, 6, 6)[3].mean(0) * 50)
    assert 3 in frames(remember(KvRetrieval(topk=2), tokens, asked))


def test_what_is_fetched_is_what_was_put_aside_in_the_order_of_the_film():
    tokens = film()
    out = remember(KvRetrieval(topk=5), tokens, question(tokens.x[7]))
    assert out.kind == "hard"
    assert torch.equal(out.x, tokens.x[out.edges[:, 1]])
    assert (out.edges[:, 1].diff() > 0).all()
    assert len(out) == 5 * 6


def test_the_score_is_a_dot_product_not_a_cosine():
    x = torch.zeros(3, 1, 1, 2)
    x[0, ..., 0], x[1], x[2, ..., 1] = 1.0, 5.0, 1.0  # frame 1 is longer, frame 0 more alike
    tokens = Tokens.from_grid(x, torch.arange(3) / 1, space="made")
    out = remember(KvRetrieval(topk=1), tokens, question(torch.tensor([1.0, 0.0])))
    assert out.edges[:, 1].tolist() == [1]


def test_a_question_is_the_mean_of_its_words_and_not_its_pooled_vector():
    x = torch.eye(3)[:, None, None]
    tokens = Tokens.from_grid(x, torch.arange(3) / 1, space="made")
    words = torch.tensor([[0.0, 3, 0], [2, 0, 0]])
    asked = Query("made", torch.tensor([0.0, 0, 1]), words, ("a", "b"), "made")
    assert remember(KvRetrieval(topk=1), tokens, asked).edges[:, 1].tolist() == [1]


def test_as_many_frames_as_may_be_read_are_all_read():
    tokens = film(8)
    assert torch.equal(remember(KvRetrieval(topk=8), tokens, question(tokens.x[0])).x, tokens.x)


def test_chunks_are_read_together_and_the_last_is_judged_by_its_own_length():
    score = torch.tensor([0.0, 0, 9, 0, 0, 0, 5])
    assert block_topk(score, 3, 3) == [6]
    assert block_topk(score, 6, 3) == [0, 1, 2, 6]
    assert block_topk(score, 4, 3) == [6]


@given(
    score=st.lists(st.integers(-50, 50), min_size=1, max_size=30, unique=True),
    topk=st.integers(1, 30),
)
def test_the_best_are_read(score, topk):
    best = sorted(sorted(range(len(score)), key=lambda i: -score[i])[:topk])
    assert block_topk(torch.tensor(score).float(), topk) == best


def test_beyond_the_archive_the_oldest_are_forgotten():
    tokens = film(40)
    asked = question(tokens.x.view(40, 6, 6)[3].mean(0) * 50)
    assert frames(remember(KvRetrieval(topk=10, archive=10), tokens, asked)) == list(range(30, 40))


def test_without_a_question_the_latest_are_read():
    assert frames(remember(KvRetrieval(topk=3), film())) == [17, 18, 19]


def test_a_question_of_another_space_is_refused():
    asked = Query("made", torch.zeros(6), torch.zeros(1, 6), ("a",), "other")
    with pytest.raises(SpaceError, match="other"):
        remember(KvRetrieval(), film(), asked)


@pytest.mark.parametrize("wrong", [{"topk": 0}, {"chunk": 65}, {"chunk": 0}, {"archive": 63}])
def test_numbers_that_leave_nothing_are_refused(wrong):
    with pytest.raises(VtkError, match="1 <= chunk <= topk <= archive"):
        KvRetrieval(**wrong)
