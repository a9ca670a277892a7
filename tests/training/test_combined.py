import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cosine_similarity

from vtk_notebooks.errors import VtkError
from vtk_notebooks.training.combined import KINDS, combined, is_held_out

SEEDS = st.integers(0, 9999)


def alike(film, word):
    """Cosine of each frame with a word, the scene left out."""
    mean = film.tokens.x.view(32, -1, 32).mean(1)
    return cosine_similarity(mean - mean.median(0).values, film.query.words[word][None], dim=-1)


@given(seed=SEEDS, unseen=st.booleans())
def test_only_the_moment_shows_both_things_and_others_show_each(seed, unseen):
    film = combined(seed, unseen=unseen)
    [moment] = film.moments
    inside = (film.tokens.times_s >= moment.start_s) & (film.tokens.times_s < moment.end_s)
    assert 0 < inside.sum() < 8
    one, other = alike(film, 0), alike(film, 1)
    assert torch.minimum(one, other)[inside].min() > torch.minimum(one, other)[~inside].max()
    assert one[~inside].max() > 0.4
    assert other[~inside].max() > 0.4


@given(seed=SEEDS)
def test_pairs_are_held_out_from_those_who_are_not_meant_to_see_them(seed):
    texts = [combined(seed, unseen=u).query.text for u in (False, True)]
    pairs = [(int(text[6]), int(text[9])) for text in texts]  # "pair (1, 2)"
    assert [is_held_out(pair) for pair in pairs] == [False, True]


def test_every_thing_is_in_one_held_out_pair_and_in_five_others():
    for thing in range(KINDS):
        assert sum(is_held_out((thing, other)) for other in range(KINDS)) == 1
        assert sum(is_held_out((other, thing)) for other in range(KINDS)) == 1


def test_equal_seeds_make_equal_films_and_things_are_the_same_in_all():
    assert torch.equal(combined(3).tokens.x, combined(3).tokens.x)
    words = {f.query.text: f.query.words for f in map(combined, range(60))}
    a, b = (next(w for t, w in words.items() if t == f"pair (1, {k})") for k in (1, 2))
    assert torch.equal(a[0], b[0])
    assert not torch.equal(a[1], b[1])


def test_a_film_too_short_for_three_moments_is_refused():
    with pytest.raises(VtkError, match="16 or more"):
        combined(0, frames=15)
