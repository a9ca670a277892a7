import pytest
import torch
from torch.nn.functional import cosine_similarity

from vtk_notebooks.errors import VtkError
from vtk_notebooks.training.planted_object import planted_object


@pytest.mark.parametrize("seed", range(5))
def test_cells_under_the_mask_are_like_the_question_and_no_others(seed):
    film = planted_object(seed, noise=0.1, width=64)
    alike = cosine_similarity(film.tokens.x, film.query.vector[None], dim=-1).view(16, 8, 8)
    assert alike[film.masks].min() > alike[~film.masks].max()
    assert film.masks.flatten(1).sum(1).unique().tolist() == [0, 9]


@pytest.mark.parametrize("seed", range(5))
def test_the_moment_is_when_the_mask_is_not_empty(seed):
    film = planted_object(seed)
    seen = film.masks.flatten(1).any(1).nonzero().squeeze(1)
    [moment] = film.moments
    assert moment.start_s == seen[0] * 0.5
    assert moment.end_s == (seen[-1] + 1) * 0.5
    assert film.other.flatten(1).any(1).sum() >= 8
    assert not (film.other & film.masks).any()


def test_equal_seeds_give_equal_films():
    assert torch.equal(planted_object(3).tokens.x, planted_object(3).tokens.x)
    assert not torch.equal(planted_object(3).tokens.x, planted_object(4).tokens.x)


def test_things_larger_than_the_frame_are_refused():
    with pytest.raises(VtkError, match="smaller"):
        planted_object(0, size=8)
