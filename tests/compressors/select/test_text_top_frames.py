import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Query, Tokens, build
from vtk_notebooks.compressors import TextTopFrames
from vtk_notebooks.errors import SpaceError, VtkError


def ask(space="made", d=6):
    vector = torch.eye(d)[0]
    return Query("?", vector, vector[None], ("?",), space)


def film(t=6, h=2, w=5, d=6, planted=(), seed=0):
    """Noise without the question, and one cell that is the question in the planted frames."""
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    x[..., 0] = 0.0
    for place, frame in enumerate(planted):
        x[frame, place % h, place % w] = (1 + place) * torch.eye(d)[0]
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def test_frames_that_show_what_is_asked_for_are_kept_in_their_order():  # the paper's slow path
    tokens = film(planted=(4, 1, 3))
    out = TextTopFrames(3)(tokens, ask())
    assert torch.equal(out.x, tokens.x.view(6, 10, 6)[[1, 3, 4]].flatten(0, 1))
    assert out.kind == "hard"


def test_one_small_thing_is_found_by_the_best_cells_and_lost_in_the_mean():
    tokens = film(t=2, planted=(1,))
    tokens.x[:10, 0] = 0.4  # the first frame answers a little everywhere
    assert (TextTopFrames(1)(tokens, ask()).edges[:, 1] >= 10).all()
    assert (TextTopFrames(1, best=1.0)(tokens, ask()).edges[:, 1] < 10).all()


@given(frames=st.integers(1, 9), seed=st.integers(0, 99))
def test_it_keeps_so_many_whole_frames(frames, seed):
    top = TextTopFrames(frames, best=1.0)
    out = top(film(seed=seed), ask())
    kept = out.kept().flatten(1)
    assert torch.equal(kept.any(1), kept.all(1))
    assert kept.any(1).sum() == min(frames, 6)


def test_behind_a_merge_it_keeps_the_tokens_at_home_in_the_best_frames():
    tokens = film(planted=(2,))
    merged = build("compressor", "bipartite_merge", keep=0.5)(tokens)
    out = TextTopFrames(1)(merged, ask())
    assert set((out.edges[:, 1] // 10).tolist()) == {2}


def test_a_question_of_another_space_is_refused():
    with pytest.raises(SpaceError):
        TextTopFrames()(film(), ask("elsewhere"))


@pytest.mark.parametrize("wrong", [{"frames": 0}, {"best": 0.0}, {"keep": 1.2}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        TextTopFrames(**wrong)
