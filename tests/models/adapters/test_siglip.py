import numpy as np
import pytest
import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.models.door import load

from . import _tiny

FRAMES = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
CLIP = Clip(FRAMES, np.array([0.0, 0.4, 1.0]), Origin("made", 1.5))
PIXELS = torch.from_numpy(FRAMES).permute(0, 3, 1, 2).float() / 255 * 2 - 1


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return load(_tiny.siglip(tmp_path_factory.mktemp("siglip")))


def pooled(out):
    return getattr(out, "pooler_output", out)


@torch.no_grad()
def test_frame_vectors_and_questions_are_those_of_transformers(model):
    theirs = pooled(model.model.get_image_features(PIXELS))
    torch.testing.assert_close(model.encode(CLIP, level="frame").x, theirs, atol=1e-4, rtol=1e-4)
    ids = model.tokenizer("a rabbit", padding="max_length", max_length=16, return_tensors="pt")
    theirs = pooled(model.model.get_text_features(input_ids=ids["input_ids"]))[0]
    torch.testing.assert_close(model.read("a rabbit").vector, theirs, atol=1e-5, rtol=1e-4)


def test_patches_live_in_the_space_of_questions_and_are_what_the_head_makes_of_one_alone(model):
    tokens, query = model.encode(CLIP), model.read("a rabbit")
    assert tokens.grid == (3, 4, 4)
    assert tokens.part(query.space).shape == (48, 32)
    hidden = model.model.vision_model(pixel_values=PIXELS[:1]).last_hidden_state
    alone = model.model.vision_model.head(hidden[:, :1])
    torch.testing.assert_close(tokens.x[:1], alone.detach(), atol=1e-4, rtol=1e-4)


def test_words_are_those_of_the_question_without_its_padding(model):
    query = model.read("a rabbit yawns")
    assert "<pad>" not in query.tokens
    assert len(query.words) == len(query.tokens)
