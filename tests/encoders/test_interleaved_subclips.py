import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.encoders import DINOv2, InterleavedSubclips
from vtk_notebooks.encoders.interleaved_subclips import interleaved
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.protocols import Encoder
from vtk_notebooks.tokens import Tokens


def numbered(t):
    """A clip whose frame k is black but for the number k."""
    frames = np.zeros((t, 2, 2, 3), np.uint8)
    frames[:, 0, 0, 0] = np.arange(t)
    return Clip(frames, np.arange(t) * 0.5, Origin("numbered", t * 0.5))


class Together:
    """An encoder whose token k holds frame k, and the largest number of the whole clip it saw."""

    def __init__(self):
        self.seen = []

    def __call__(self, clip):
        number = torch.tensor(clip.frames[:, 0, 0, 0].astype(float))
        self.seen.append(number.int().tolist())
        x = torch.stack([number, number.max().expand(len(number))], 1)
        times_s = torch.tensor(clip.times_s)
        return Tokens.from_grid(x[:, None, None], times_s, clip.duration_s, space="together")


def test_32_frames_are_dealt_to_four_passes_of_8_that_span_the_film():  # the paper's numbers
    encoder = Together()
    interleaved(encoder, numbered(32), 8)
    assert encoder.seen == [list(range(i, 32, 4)) for i in range(4)]


@given(t=st.integers(1, 60), most=st.integers(1, 20))
def test_tokens_come_back_in_the_order_of_the_film(t, most):
    encoder = Together()
    tokens = interleaved(encoder, numbered(t), most)
    assert tokens.x[:, 0].tolist() == list(range(t))
    assert max(map(len, encoder.seen)) <= most
    assert max(map(len, encoder.seen)) - min(map(len, encoder.seen)) <= 1
    assert sorted(k for seen in encoder.seen for k in seen) == list(range(t))


def test_each_token_knows_its_own_pass_and_no_other():
    tokens = interleaved(Together(), numbered(16), 8)
    assert tokens.x[:, 1].tolist() == [14, 15] * 8


def test_times_length_and_space_are_those_of_the_clip_and_the_encoder():
    tokens = interleaved(Together(), numbered(10), 4)
    assert tokens.times_s.tolist() == numbered(10).times_s.tolist()
    assert tokens.duration_s == 5.0
    assert [s.name for s in tokens.spaces] == ["together"]


def test_progress_is_told_after_each_pass():
    told = []
    interleaved(Together(), numbered(10), 4, progress=lambda *done: told.append(done))
    assert told == [(4, 10), (7, 10), (10, 10)]


def test_an_encoder_that_makes_one_frame_of_two_is_refused():
    def halved(clip):
        return Together()(Clip(clip.frames[::2], clip.times_s[::2], clip.origin))

    with pytest.raises(ShapeError, match="keeps 8 frames"):
        interleaved(halved, numbered(16), 8)


@pytest.mark.weights
def test_for_an_encoder_of_single_frames_the_detour_changes_nothing(noise):
    clip = noise(5, 28, 28)
    tokens = InterleavedSubclips("dinov2", 2)(clip)
    torch.testing.assert_close(tokens.x, DINOv2()(clip).x, atol=1e-4, rtol=1e-4)
    assert tokens.grid == DINOv2()(clip).grid


def test_it_speaks_for_the_encoder_it_deals_to():
    made = InterleavedSubclips("conse")
    assert isinstance(made, Encoder)
    assert made.space == "conse"
    assert "efficientnet" in made.weights()


def test_impossible_settings_are_refused_when_it_is_made():
    with pytest.raises(VtkError, match="1 frame or more"):
        InterleavedSubclips(frames=0)
    with pytest.raises(VtkError, match="another encoder"):
        InterleavedSubclips("interleaved_subclips")
