import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.live_stream import Marks, Said, Watched, laid_out
from vtk_notebooks.errors import VtkError
from vtk_notebooks.objectives import StreamingEOS

MARKS = Marks(0, 1, 2, 3, 4)


def noise(length, seed=0, words=10):
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(length, words, generator=draw, requires_grad=True)


def test_a_silent_stream_teaches_only_the_last_token_of_each_frame():  # the paper's labels
    stream = laid_out([Watched(3, reply=False)], MARKS, 4)
    logits = noise(len(stream.ids))
    StreamingEOS()(logits, stream.labels, stream.frames).backward()
    assert logits.grad is not None
    moved = logits.grad.abs().sum(1).nonzero().squeeze(1)
    assert moved.tolist() == stream.decisions.tolist()


def test_the_sum_is_divided_by_the_number_of_labels_and_not_by_their_weights():
    stream = laid_out([Watched(2), Said([7, 8], taught=True)], MARKS)
    even = torch.zeros(len(stream.ids), 10)
    assert StreamingEOS()(even, stream.labels, stream.frames).item() == pytest.approx(math.log(10))
    light = StreamingEOS(0.5)(even, stream.labels, stream.frames)  # 2 decisions, 2 words
    assert light.item() == pytest.approx(math.log(10) * (2 * 0.5 + 2) / 4)


def test_without_a_label_there_is_nothing_to_learn():
    stream = laid_out([Said([7, 8])], MARKS)
    assert StreamingEOS()(noise(2), stream.labels, stream.frames).item() == 0


@given(weight=st.floats(0, 4), seed=st.integers(0, 20))
def test_the_loss_is_the_words_and_the_weighted_decisions(weight, seed):
    stream = laid_out([Watched(4), Said([7], taught=True)], MARKS, 2)
    logits = noise(len(stream.ids), seed)
    none, one, some = (
        StreamingEOS(w)(logits, stream.labels, stream.frames).item() for w in (0.0, 1.0, weight)
    )
    assert some == pytest.approx(none + weight * (one - none), rel=1e-4)


def test_a_negative_weight_is_refused():
    with pytest.raises(VtkError, match="StreamingEOS"):
        StreamingEOS(-1.0)
