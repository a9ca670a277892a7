import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.objectives.geodesic_contrastive import (
    GeodesicContrastive,
    geodesics,
    neighbour_edges,
)

INF = float("inf")


def rand(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_along_a_line_distances_add_up():
    edges = torch.tensor([[INF, 0.1, INF], [0.1, INF, 0.25], [INF, 0.25, INF]])
    assert geodesics(edges, 0).tolist() == pytest.approx([0, 0.1, 0.35])


@given(seed=st.integers(0, 99))
def test_where_everybody_is_a_neighbour_no_path_is_longer_than_the_edge(seed):
    edges = neighbour_edges(rand(6, 4, seed=seed), 5)
    for i in range(6):
        assert (geodesics(edges, i) <= edges[i].clamp_max(1) + 1e-6).all()


def test_an_edge_leads_to_the_nearest_only_and_only_one_way():
    z = torch.tensor([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]])
    edges = neighbour_edges(z, 1)
    assert [row.nonzero().flatten().tolist() for row in edges.isfinite()] == [[1], [0], [1]]
    assert geodesics(edges, 0)[2] == 1
    assert geodesics(edges, 2)[0] < 1


def test_equal_moments_are_no_distance_apart_and_beyond_the_limit_all_are_far():
    z = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.6, 0.8]])
    edges = neighbour_edges(z, 2)
    assert geodesics(edges, 0).tolist() == pytest.approx([0, 0, 0.4])
    assert geodesics(edges, 0, limit=0.3).tolist() == pytest.approx([0, 0, 1])


def test_moments_of_the_film_that_overlap_the_truth_count_for_nothing():
    moments, text = rand(1, 4, 3), rand(1, 3, seed=1)
    moments[0, 1] = moments[0, 0]
    overlap = torch.tensor([[1.0, 0.9, 0.7, 0.1]])
    loss = GeodesicContrastive(topk=2, k=1)
    other = moments.clone()
    other[0, 2] = -text[0]
    torch.testing.assert_close(loss(moments, text, overlap), loss(other, text, overlap))
    other[0, 3] = text[0]
    assert loss(other, text, overlap) > loss(moments, text, overlap)


def test_a_sentence_that_is_its_moment_and_no_other_costs_almost_nothing():
    moments = torch.eye(4)[None].repeat(2, 1, 1)
    moments[1] = -moments[1]
    overlap = torch.tensor([[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    text = torch.stack([moments[0, 0], moments[1, 1]])
    loss = GeodesicContrastive(topk=1, tau=0.05)
    assert loss(moments, text, overlap) < 1e-6
    assert loss(moments, text.flip(0), overlap) > 1
