from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.curation.scene_tiling import SceneTiling
from vtk_notebooks.errors import ShapeError, SpaceError, VtkError
from vtk_notebooks.tokens import Tokens


def film(x, step_s=0.5):
    return Tokens.from_grid(x, torch.arange(len(x)) * step_s, space="made")


def noise(t, seed=0):
    return torch.randn(t, 2, 2, 5, generator=torch.Generator().manual_seed(seed))


def test_a_cut_is_found_where_it_was_made():
    x = torch.zeros(10, 1, 1, 2)
    x[:6, ..., 0], x[6:, ..., 1] = 1, 1
    assert [(m.start_s, m.end_s, m.text) for m in SceneTiling()(film(x))] == [
        (0, 3, "5"),
        (3, 5, "9"),
    ]


@given(t=st.integers(1, 30), seed=st.integers(0, 50), scenes=st.integers(0, 6))
def test_scenes_are_the_film_without_gaps(t, seed, scenes):
    found = SceneTiling(scenes=scenes)(film(noise(t, seed)))
    assert found[0].start_s == 0
    assert found[-1].end_s == pytest.approx(film(noise(t)).duration_s)
    assert all(a.end_s == b.start_s for a, b in pairwise(found))
    assert len(found) <= 16


def test_looking_back_only_the_rest_of_the_film_belongs_to_no_scene():
    x = torch.eye(3).repeat_interleave(5, 0)[:, None, None]
    assert [m.text for m in SceneTiling(causal=True)(film(x))] == ["4", "9"]
    assert [m.text for m in SceneTiling()(film(x))] == ["4", "9", "14"]


def test_only_the_named_channels_are_compared():
    x = torch.zeros(8, 1, 1, 2)
    x[:4, ..., 0], x[4:, ..., 1] = 1, 1
    flat = Tokens.from_grid(torch.ones(8, 1, 1, 3), torch.arange(8) * 0.5, space="flat")
    both = flat.beside(film(x))
    assert len(SceneTiling(space="made")(both)) == 2
    assert len(SceneTiling(space="flat")(both)) == 1
    with pytest.raises(SpaceError, match="nobody"):
        SceneTiling(space="nobody")(both)


def test_merged_tokens_are_refused():
    with pytest.raises(ShapeError, match="one token per cell"):
        SceneTiling()(film(noise(4)).select(torch.arange(3)))


@pytest.mark.parametrize("wrong", [{"most": 0}, {"scenes": -1}, {"alpha": -0.5}])
def test_numbers_that_cut_nothing_are_refused(wrong):
    with pytest.raises(VtkError, match="SceneTiling"):
        SceneTiling(**wrong)
