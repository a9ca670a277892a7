import numpy as np
import pytest
import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.models.door import load

from . import _tiny


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return load(_tiny.xclip(tmp_path_factory.mktemp("xclip")))


def film(frames):
    pixels = np.random.default_rng(0).integers(0, 256, (frames, 32, 32, 3), dtype=np.uint8)
    return Clip(pixels, np.arange(frames) * 0.5, Origin("made", frames / 2))


@torch.no_grad()
def test_frame_vectors_are_those_of_the_model_before_it_joins_them(model):
    clip = film(4)
    x = torch.from_numpy(clip.frames).permute(0, 3, 1, 2).float() / 255 * 2 - 1
    theirs = model.model.visual_projection(model.model.vision_model(pixel_values=x).pooler_output)
    torch.testing.assert_close(model.encode(clip, level="frame").x, theirs, atol=1e-4, rtol=1e-4)


def test_frames_of_a_window_hear_of_each_other_and_windows_do_not(model):
    clip = film(8)
    frames = clip.frames.copy()
    frames[5] = 255 - frames[5]
    moved = (model.encode(Clip(frames, clip.times_s, clip.origin)).x - model.encode(clip).x).abs()
    by_frame = moved.view(8, -1).amax(1)
    assert (by_frame[:4] == 0).all()
    assert (by_frame[4:] > 0).all()


@pytest.mark.parametrize("frames", [1, 4, 6])
def test_patches_and_questions_share_a_space(model, frames):
    tokens, query = model.encode(film(frames)), model.read("a man rides")
    assert tokens.grid == (frames, 4, 4)
    assert tokens.part(query.space).shape[1] == len(query.vector) == 16
