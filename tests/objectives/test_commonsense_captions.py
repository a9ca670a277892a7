import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy, one_hot

from vtk_notebooks.arrays import generator
from vtk_notebooks.objectives.commonsense_captions import KINDS, CommonsenseCaptions, looking


def made(seed=0, vocabulary=7):
    draw = generator(seed)
    logits = torch.randn(2, 4, 3, vocabulary, generator=draw)
    words = torch.randint(vocabulary, (2, 4, 3), generator=draw)
    return logits, words, torch.ones(2, 4, 3, dtype=torch.bool)


def test_every_kind_is_the_mean_cross_entropy_of_its_own_words_and_they_add_up():
    logits, words, mask = made()
    terms = CommonsenseCaptions()(logits, words, mask)
    for k, kind in enumerate(KINDS):
        expected = cross_entropy(logits[:, k].flatten(0, 1), words[:, k].flatten())
        torch.testing.assert_close(terms[kind], expected)
    torch.testing.assert_close(terms["total"], sum(terms[kind] for kind in KINDS))


def test_it_is_zero_where_every_word_is_certain_and_right():
    _, words, mask = made()
    terms = CommonsenseCaptions()(1e3 * one_hot(words, 7).float(), words, mask)
    assert terms["total"] == 0


@given(seed=st.integers(0, 99), n=st.integers(0, 3))
def test_words_that_do_not_exist_count_for_nothing(seed, n):
    logits, words, mask = made(seed)
    mask[:, 2, n:] = False
    plain = CommonsenseCaptions()(logits, words, mask)
    logits[:, 2, n:] += 100 * torch.randn(2, 3 - n, 7, generator=generator(seed))
    again = CommonsenseCaptions()(logits, words, mask)
    torch.testing.assert_close(plain["total"], again["total"])
    assert n or plain["effect"] == 0


def test_an_even_look_at_the_moment_costs_nothing_and_one_at_the_whole_film_its_share():
    moment = torch.tensor([[False, True, True, False, False, False, False, False]])
    even = (moment / 2)[:, None, None]
    assert looking(even, moment).item() == pytest.approx(0, abs=1e-6)
    assert looking(torch.full((1, 1, 1, 8), 1 / 8), moment).item() == pytest.approx(math.log(4))
    half = torch.tensor([0.0, 1.0] + [0.0] * 6)[None, None, None]
    assert looking(half, moment).item() > 5


@given(seed=st.integers(0, 99))
def test_no_look_costs_less_than_the_even_one(seed):
    draw = generator(seed)
    looks = torch.randn(2, 4, 3, 6, generator=draw).softmax(-1)
    moment = torch.rand(2, 6, generator=draw) > 0.5
    assert (looking(looks, moment) >= -1e-5).all()
