import numpy as np
import pytest
import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.models.door import load

from . import _tiny


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return load(_tiny.clip(tmp_path_factory.mktemp("clip")))


@pytest.fixture
def clip():
    frames = np.random.default_rng(0).integers(0, 256, (3, 48, 64, 3), dtype=np.uint8)
    return Clip(frames, np.array([0.0, 0.4, 1.0]), Origin("made", 1.5))


def pixels(model, clip):
    """The frames as transformers' own processor prepares them."""
    from transformers import CLIPImageProcessorPil

    processor = CLIPImageProcessorPil(**model.settings)
    return processor(list(clip.frames), return_tensors="pt")["pixel_values"]


def test_frame_vectors_are_the_image_features_of_transformers(model, clip):
    ours = model.encode(clip, level="frame")
    with torch.no_grad():
        theirs = model.model.get_image_features(pixels(model, clip))
    theirs = getattr(theirs, "pooler_output", theirs)
    torch.testing.assert_close(ours.x, theirs, atol=0.05, rtol=0.02)  # PIL rounds to bytes
    assert ours.grid == (3, 1, 1)


def test_the_question_is_the_text_feature_of_transformers(model):
    query = model.read("a man rides a bicycle")
    ids = model.tokenizer("a man rides a bicycle", return_tensors="pt")
    with torch.no_grad():
        theirs = model.model.get_text_features(**{k: ids[k] for k in ("input_ids",)})
    theirs = getattr(theirs, "pooler_output", theirs)[0]
    torch.testing.assert_close(query.vector, theirs, atol=1e-5, rtol=1e-4)
    assert len(query.words) == len(query.tokens) == ids["input_ids"].shape[1]


def test_patches_know_their_place_their_second_and_what_was_cut_off(model, clip):
    tokens = model.encode(clip)
    assert tokens.grid == (3, 4, 4)
    assert tokens.times_s.tolist() == [0.0, 0.4, 1.0]
    left, top, right, bottom = tokens.view
    assert (top, bottom) == (0, 1)
    assert (left, right) == (5 / 42, 37 / 42)  # 48 x 64 becomes 32 x 42, the middle 32 stay


def test_a_changed_patch_moves_its_own_token_most(model, clip):
    frames = clip.frames.copy()
    frames[1, :12, 8:20] = 255 - frames[1, :12, 8:20]  # row 0, column 0 of what is seen
    moved = (model.encode(Clip(frames, clip.times_s, clip.origin)).x - model.encode(clip).x).norm(
        dim=1
    )
    assert moved.view(3, 16)[[0, 2]].max() == 0
    assert moved.view(3, 16)[1].argmax() == 0


def test_tokens_and_questions_share_a_space(model, clip):
    assert model.encode(clip).part(model.read("a rabbit").space).shape == (48, 16)
