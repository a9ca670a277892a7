import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.models.frames import in_batches, pixels

PLAIN = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def test_channels_keep_their_order_and_are_normalised_each_by_its_own():
    red = np.zeros((1, 4, 4, 3), dtype=np.uint8)
    red[..., 0] = 255
    x = pixels(red, (2, 3), mean=(0.5, 0.2, 0.1), std=(0.5, 0.1, 0.1))
    assert x.shape == (1, 3, 2, 3)
    assert x[0, :, 0, 0].tolist() == pytest.approx([1.0, -2.0, -1.0])


def test_the_whole_frame_is_seen_and_thin_lines_turn_grey_instead_of_vanishing():
    frames = np.zeros((1, 64, 64, 3), dtype=np.uint8)
    frames[:, :, ::8] = 255  # one column in eight
    frames[:, :, 32:] = 255
    x = pixels(frames, (8, 8), *PLAIN)
    assert x[0, 0, 4, :3].tolist() == pytest.approx([1 / 8] * 3, abs=0.03)
    assert x[0, 0, 4, 5:].tolist() == pytest.approx([1.0] * 3, abs=0.03)


@settings(deadline=None)  # the first call of a torch function is slow
@given(h=st.integers(1, 40), w=st.integers(1, 40), value=st.integers(0, 255))
def test_a_plain_frame_stays_plain_at_every_size(h, w, value):
    x = pixels(np.full((1, h, w, 3), value, dtype=np.uint8), (16, 24), *PLAIN)
    torch.testing.assert_close(x, torch.full((1, 3, 16, 24), value / 255))


def test_frames_that_may_not_be_written_are_read_and_left_alone():
    frames = np.full((2, 3, 3, 3), 7, dtype=np.uint8)
    frames.flags.writeable = False
    assert pixels(frames[::-1], (3, 3), *PLAIN).shape == (2, 3, 3, 3)
    assert (frames == 7).all()


@settings(deadline=None)  # the first call of a torch function is slow
@given(t=st.integers(1, 9), batch=st.integers(1, 9))
def test_every_frame_is_run_once_in_order_in_inference_mode(t, batch):
    frames, sizes, told = np.arange(t * 12, dtype=np.uint8).reshape(t, 2, 2, 3), [], []

    def run(part):
        assert torch.is_inference_mode_enabled()
        sizes.append(len(part))
        return torch.tensor(part).half()

    out = in_batches(frames, batch, run, lambda done, total: told.append((done, total)))
    assert torch.equal(out, torch.tensor(frames).float())
    assert not out.is_inference()
    assert max(sizes) <= batch
    assert told == [(n, t) for n in np.cumsum(sizes)]
