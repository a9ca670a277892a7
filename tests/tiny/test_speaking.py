import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.tiny.films import lesson_film
from vtk_notebooks.tiny.questions import lessons
from vtk_notebooks.tiny.speaking import SQUEEZED_BY, TimeLoss, drawn, squeezed
from vtk_notebooks.tiny.words import TIME, tokenizer

WORDS = tokenizer()
LOSS = TimeLoss(WORDS)


def certain(word):
    """Scores of somebody who is sure."""
    return 30.0 * torch.eye(len(WORDS))[[WORDS.convert_tokens_to_ids(word)]]


def loss(said, wanted):
    return LOSS(certain(said), torch.tensor([WORDS.convert_tokens_to_ids(wanted)])).item()


@given(st.integers(10, 80), st.integers(1, 6))
def test_a_time_that_is_nearly_right_costs_less_than_one_that_is_not(k, off):
    said = [loss(TIME.vocab[k + n], TIME.vocab[k]) for n in (0, off, off + 2)]
    assert said[0] < said[1] < said[2]


def test_of_words_only_the_right_one_will_do():
    assert loss("red", "red") < 1e-6
    assert abs(loss("blue", "red") - loss("left", "red")) < 1e-4
    assert loss("<t3>", "red") > 20


def test_a_spread_target_is_a_distribution_about_the_true_token():
    torch.testing.assert_close(LOSS.soft.sum(-1), torch.ones(100))
    assert (LOSS.soft.argmax(-1) == torch.arange(100)).all()


@given(st.integers(0, 1000))
def test_the_description_is_always_asked_for_and_the_rest_by_lot(seed):
    rng = np.random.default_rng(seed)
    some = lessons(lesson_film(seed).film.scene, rng)
    picked = drawn(some, 12, rng)
    assert len(picked) == 12
    assert [x.kind for x in picked].count("describe") == 1
    assert set(picked) <= set(some)


def test_all_films_of_a_step_are_squeezed_alike(untrained):
    _, prompter = untrained
    films = [prompter.adapter.encode(lesson_film(s).clip) for s in range(2)]
    for seed in range(30):
        a, b = squeezed(films, np.random.default_rng(seed))
        assert len(a) < 256
        assert a.grid == b.grid == films[0].grid
    assert len(SQUEEZED_BY) == len(set(SQUEEZED_BY))
