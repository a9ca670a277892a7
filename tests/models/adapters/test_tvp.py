import numpy as np
import pytest
import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.models.door import load

from . import _tiny

FRAMES = np.random.default_rng(0).integers(0, 256, (4, 48, 64, 3), dtype=np.uint8)
CLIP = Clip(FRAMES, np.arange(4) * 2.0, Origin("made", 8.0))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return load(_tiny.tvp(tmp_path_factory.mktemp("tvp")), attention="eager")


def test_frames_are_padded_flipped_and_scaled_as_its_settings_say(model):
    x = model.pixels(CLIP)
    assert x.shape == (4, 3, 64, 64)
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    rgb = torch.from_numpy(FRAMES[0, 10, 20]).float() / 255
    torch.testing.assert_close(x[0, :, 10, 20], ((rgb - mean) / std).flip(0))
    torch.testing.assert_close(x[0, :, 60, 5], (-mean / std).flip(0))  # below the frame: padding


@torch.no_grad()
def test_a_moment_is_what_the_model_says_in_seconds_and_in_order(model):
    ids = model.tokenizer("a rabbit", return_tensors="pt")
    parts = model.model(
        input_ids=ids["input_ids"],
        pixel_values=model.pixels(CLIP)[None],
        attention_mask=ids["attention_mask"],
    ).logits[0]
    moment = model.ground(CLIP, "a rabbit")
    assert sorted((8 * parts).tolist()) == pytest.approx([moment.start_s, moment.end_s], abs=1e-4)


def test_tokens_know_that_the_square_is_larger_than_the_frame(model):
    tokens = model.encode(CLIP)
    assert tokens.grid[0] == 4
    assert tokens.view == (0, 0, 1, 64 / 48)
