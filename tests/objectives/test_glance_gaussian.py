import pytest
import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.objectives.glance_gaussian import GlanceGaussian


def test_a_moment_weighs_most_where_begin_middle_and_end_are_near_the_glance():
    weight = GlanceGaussian()(torch.tensor([8]), 17)[0]
    assert weight[7, 8] > weight[4, 11] > weight[0, 16]
    assert weight[7, 8] > weight[0, 2]
    assert weight.max() <= 1


def test_wider_bells_tell_less():
    narrow, wide = (GlanceGaussian(sigma)(torch.tensor([8]), 16)[0] for sigma in (0.1, 0.6))
    assert wide[0, 15] > narrow[0, 15]


def test_new_similarities_are_mixed_with_the_old_ones():
    prior = GlanceGaussian(threshold=0.5)
    counter = prior.counters(torch.tensor([2]), 5)
    new, old = torch.full((1, 5), 1.0), torch.zeros(1, 5)
    after, alike = prior.adjust(counter, new, old)
    torch.testing.assert_close(alike, torch.full((1, 5), 0.7))
    assert after.tolist() == [[1, 1, 4, 1, 1]]
    assert prior.adjust(counter, new)[1].tolist() == new.tolist()


def test_a_bell_without_width_and_an_empty_window_are_refused():
    with pytest.raises(VtkError, match="sigma above 0"):
        GlanceGaussian(sigma=0.0)
    with pytest.raises(VtkError, match="window"):
        GlanceGaussian(window=0)
