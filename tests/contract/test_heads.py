"""What every registered head promises: above all, it finds a planted moment."""

from dataclasses import replace

import pytest
import torch

from vtk_notebooks import build, names, tiou
from vtk_notebooks.blind import BLIND
from vtk_notebooks.errors import SpaceError
from vtk_notebooks.protocols import Head
from vtk_notebooks.training import planted

EVERY = pytest.mark.parametrize("name", names("head"))
UNSEEN = range(1000, 1008)


@pytest.fixture
def head(name, trained):
    return build("head", name, **trained(name))


@EVERY
def test_it_keeps_the_protocol(head):
    assert isinstance(head, Head)


@EVERY
def test_it_finds_planted_moments_far_better_than_blind_answers(head):
    films = [planted(seed) for seed in range(1000, 1016)]

    def mean_iou(answer):
        return sum(tiou(answer(film), film.moments[0]) for film in films) / len(films)

    blind = max(mean_iou(lambda film, b=b: b(film.tokens.duration_s)) for b in BLIND.values())
    assert mean_iou(lambda film: head(film.tokens, film.query)[0]) >= blind + 0.15


@EVERY
@pytest.mark.parametrize("seed", UNSEEN)
def test_its_moments_lie_in_the_film_best_first(head, seed):
    film = planted(seed, strength=0.2)
    moments = head(film.tokens, film.query)
    scores = [m.score for m in moments]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= m.start_s < m.end_s <= film.tokens.duration_s for m in moments)


@EVERY
def test_saliency_is_higher_where_the_answer_is(head):
    film = planted(1000)
    [moment] = film.moments
    saliency = head.saliency(film.tokens, film.query)
    times_s = film.tokens.times_s
    inside = (times_s >= moment.start_s) & (times_s < moment.end_s)
    assert saliency.shape == times_s.shape
    assert saliency[inside].min() > saliency[~inside].max()


@EVERY
@pytest.mark.parametrize("compressor", ["bipartite_merge", "uniform", "token_shuffle"])
def test_fewer_tokens_still_point_to_the_moment(head, compressor):
    film = planted(1000)
    fewer = build("compressor", compressor).at(0.5)(film.tokens)
    assert tiou(head(fewer, film.query)[0], film.moments[0]) >= 0.5


@EVERY
def test_frames_without_tokens_have_no_saliency(head):
    film = planted(1000)
    fewer = build("compressor", "uniform", keep=0.25)(film.tokens)
    nothing = head.saliency(fewer, film.query).isnan()
    assert torch.equal(nothing, ~fewer.kept().flatten(1).any(1))


@EVERY
def test_the_same_film_gets_the_same_answer(head):
    film = planted(1001)
    assert head(film.tokens, film.query) == head(film.tokens, film.query)


@EVERY
def test_a_question_of_another_space_is_refused(head):
    film = planted(1000)
    with pytest.raises(SpaceError):
        head(film.tokens, replace(film.query, space="elsewhere"))
