"""What every vision tower promises: which token sits at which patch, frame and second."""

import numpy as np
import pytest
import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.door import load

from . import _tiny_towers as _tiny

EAGER = ("timesformer",)
MAKE = {
    "dinov2": _tiny.dinov2,
    "timesformer": _tiny.timesformer,
    "videomae": _tiny.videomae,
    "vivit": _tiny.vivit,
    "vjepa2": _tiny.vjepa2,
}


@pytest.fixture(scope="module", params=MAKE)
def model(request, tmp_path_factory):
    attention = "eager" if request.param in EAGER else "sdpa"
    folder = MAKE[request.param](tmp_path_factory.mktemp(request.param))
    return load(folder, attention=attention)


def film(frames):
    pixels = np.random.default_rng(0).integers(0, 256, (frames, 32, 32, 3), dtype=np.uint8)
    return Clip(pixels, np.arange(frames) * 0.5, Origin("made", frames / 2))


@pytest.mark.parametrize("frames", [1, 3, 4, 9])
def test_every_frame_is_spoken_for_whatever_the_window(model, frames):
    tokens = model.encode(film(frames))
    assert tokens.grid == (frames, 4, 4)
    assert len(tokens) == 16 * -(-frames // model.span)
    assert tokens.kept().all()
    assert tokens.times_s.tolist() == (np.arange(frames) * 0.5).tolist()


def test_a_window_is_what_the_model_itself_makes_of_it(model):
    clip = film(model.window)
    x = torch.from_numpy(clip.frames).permute(0, 3, 1, 2).float() / 255 * 2 - 1
    with torch.no_grad():
        given = x if model.window == 1 else x[None]
        name = "pixel_values_videos" if model.record.model_type == "vjepa2" else "pixel_values"
        theirs = model.model(**{name: given}).last_hidden_state[0]
    assert torch.isclose(model.encode(clip).x[:, None], theirs, atol=1e-4).all(-1).any(1).all()


def test_a_changed_patch_moves_its_own_token_most(model):
    clip = film(4)
    for frame, row, column in [(0, 0, 0), (2, 1, 3), (3, 3, 0)]:
        frames = clip.frames.copy()
        y, x = 8 * row, 8 * column
        frames[frame, y : y + 8, x : x + 8] = 255 - frames[frame, y : y + 8, x : x + 8]
        moved = model.encode(Clip(frames, clip.times_s, clip.origin)).x - model.encode(clip).x
        most = int(moved.norm(dim=1).argmax())
        assert most == (frame // model.span) * 16 + row * 4 + column


def test_a_change_in_one_window_does_not_move_another(model):
    clip = film(2 * model.window)
    frames = clip.frames.copy()
    frames[-1] = 255 - frames[-1]
    moved = model.encode(Clip(frames, clip.times_s, clip.origin)).x - model.encode(clip).x
    half = len(moved) // 2
    assert moved[:half].abs().max() == 0
    assert moved[half:].abs().max() > 0


def test_progress_counts_frames(model):
    told = []
    model.encode(film(5), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (5, 5)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_it_has_no_words_and_says_so(model):
    with pytest.raises(VtkError, match="text side"):
        model.read("a rabbit")
    with pytest.raises(VtkError, match="generates text"):
        model.answer("what?", model.encode(film(4)))
