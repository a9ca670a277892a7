import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.grounding.batch import collate
from vtk_notebooks.heads.univtg import Kernel, UniVTG
from vtk_notebooks.training import planted


def films(*seeds, frames=16, width=8):
    return [planted(seed, frames=frames, width=width) for seed in seeds]


def kernel(seed=0):
    torch.manual_seed(seed)
    return Kernel(8, hidden=16).eval()


def batch_of(*examples):
    return collate([(e.tokens, e.query) for e in examples])


@given(seed=st.integers(0, 99))
def test_a_clips_moment_holds_the_clip_by_construction(seed):
    out = kernel(seed)(*batch_of(*films(seed)))
    assert (out.aux["offset"][..., 0] <= 0).all()
    assert (out.aux["offset"][..., 1] >= 0).all()
    assert ((out.scores >= 0) & (out.scores <= 1)).all()


def test_before_training_saliency_compares_with_the_mean_of_the_words():
    batch, net = batch_of(*films(0)), kernel()
    out = net(*batch)
    words = net.encoder.project(batch.text[0])
    torch.testing.assert_close(out.aux["text"][0], words.mean(0))


def test_answers_carry_the_question_and_never_overlap_too_much():
    [film] = films(0, frames=32)
    moments = UniVTG.new("made", 8)(film.tokens, film.query)
    assert {m.text for m in moments} == {film.query.text}
    assert len(moments) <= 5
