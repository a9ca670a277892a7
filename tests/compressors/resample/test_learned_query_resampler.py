import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens, build
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.compressors import LearnedQuery
from vtk_notebooks.compressors.resample.learned_query_resampler import Resampler
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def film(t=4, h=4, w=6, d=8, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def small(queries=5):
    return drawn(lambda: Resampler(8, queries, hidden=8, heads=2), 0)


def test_96_frames_become_3072_tokens():  # as Video-LLMs use it
    assert LearnedQuery().count((96, 16, 16)) == (3072, 3072)


def test_frames_are_asked_apart():
    tokens = film()
    out = LearnedQuery(queries=3)(tokens)
    frame, answer = out.edges[:, 1] // 24, out.edges[:, 0] // 3
    assert torch.equal(frame, answer)
    alone = Tokens.from_grid(tokens.x[:24].view(1, 4, 6, 8), torch.zeros(1))
    torch.testing.assert_close(out.x[:3], LearnedQuery(queries=3)(alone).x)


def test_equal_cells_give_that_cell():
    same = Tokens.from_grid(torch.ones(2, 3, 3, 4), torch.arange(2) / 2)
    torch.testing.assert_close(LearnedQuery(queries=2)(same).x, torch.ones(4, 4))


def test_a_token_leans_to_the_cells_that_are_like_its_run():
    tokens = film(t=1, h=1, w=4)
    tokens.x[1], tokens.x[3] = tokens.x[0], tokens.x[2]
    share = LearnedQuery(queries=2)(tokens).share.view(2, 4)
    assert share[0, :2].sum() > 0.5 > share[1, :2].sum()


@given(queries=st.integers(1, 30), scope=st.sampled_from(["frame", "clip"]))
def test_every_cell_is_heard_by_every_query_that_asks_it(queries, scope):
    asked = LearnedQuery(queries, scope)
    out = asked(film())
    assert len(out) == asked.count((4, 4, 6))[0]
    often = torch.bincount(out.edges[:, 1])
    assert (often == (1 if queries >= 24 and scope == "frame" else queries)).all()


def test_frames_of_slots_and_of_merged_tokens_are_asked_apart_too():
    halved = build("compressor", "bipartite_merge", keep=0.5)(film())
    assert len(LearnedQuery(3)(halved)) == 4 * 3
    first = LearnedQuery(3)(halved).edges
    assert (first[first[:, 0] < 3, 1] < 24).all()


def test_asking_the_clip_goes_where_frames_are_of_unequal_size_but_asking_frames_does_not():
    uneven = film().select(torch.arange(60))  # two frames and a half
    assert len(LearnedQuery(7, "clip")(uneven)) == 7
    with pytest.raises(ShapeError, match="first"):
        LearnedQuery(7)(uneven)


def test_a_trained_kernel_is_used_and_says_no_more_than_where_it_looked(tmp_path):
    tokens, kernel = film(), small()
    trained = LearnedQuery(5, file=save_kernel(kernel, tmp_path / "a.safetensors"))
    out = trained(tokens)
    torch.testing.assert_close(out.x, kernel(tokens.x.view(4, 24, 8)).flatten(0, 1))
    assert out.kind == "receptive"
    assert out.spaces == (("learned_query_resampler", 8),)
    assert torch.equal(out.edges, LearnedQuery(5)(tokens).edges)
    assert trained.at(0.5).file == ""


def test_the_order_of_the_places_plays_no_part_for_learned_queries():
    x, kernel = film().x.view(4, 24, 8), small()
    torch.testing.assert_close(kernel(x.flip(1)), kernel(x), atol=1e-5, rtol=1e-4)


def test_gradients_reach_every_parameter_of_the_kernel():
    kernel = small().train()
    kernel(film().x.view(4, 24, 8)).square().sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in kernel.parameters())


def test_a_kernel_for_other_tokens_is_refused(tmp_path):
    file = save_kernel(small(), tmp_path / "a.safetensors")
    with pytest.raises(ShapeError, match="5 queries for 8 channels"):
        LearnedQuery(4, file=file)(film())
    with pytest.raises(WeightsError):
        LearnedQuery(file=str(tmp_path / "none"))(film(h=9))


@pytest.mark.parametrize("wrong", [{"queries": 0}, {"scope": "film"}, {"keep": 1.1}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        LearnedQuery(**wrong)
