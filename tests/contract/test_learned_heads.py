"""What every registered head promises that learns: padding, gradients, order, its own loss."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.blocks.grounding.batch import targets_of
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.protocols import GroundingLoss
from vtk_notebooks.registry import build, maker, names, parameters
from vtk_notebooks.training import planted, train_head

LEARNED = [name for name in names("head") if "file" in parameters("head", name)]
EVERY = pytest.mark.parametrize("name", LEARNED)


def fresh(name, seed=0):
    made = maker("head", name)
    assert isinstance(made, type)
    assert issubclass(made, TrainedHead)
    return made.new("made", 8, hidden=16, seed=seed)


def films(*lengths):
    return [planted(i, frames=t, width=8) for i, t in enumerate(lengths)]


def asked(head, made):
    batch = head.collate([(film.tokens, film.query) for film in made])
    return batch, targets_of([(film.tokens, film.moments) for film in made], batch)


@EVERY
def test_its_objectives_are_registered_and_weigh_every_term(name):
    head = fresh(name)
    batch, targets = asked(head, films(10, 16, 12))
    terms = head.loss(head.kernel(*batch), targets)
    assert set(terms) == set(head.loss_weights)
    assert all(term.isfinite() and term.ndim == 0 for term in terms.values())
    assert all(isinstance(build("objective", o), GroundingLoss) for o in head.objectives)


@EVERY
def test_its_loss_reaches_every_weight(name):
    head = fresh(name)
    batch, targets = asked(head, films(10, 16, 12))
    terms = head.loss(head.kernel(*batch), targets)
    total = sum(head.loss_weights[k] * v for k, v in terms.items())
    total.backward()  # pyright: ignore
    for part, weight in head.kernel.named_parameters():
        assert weight.grad is not None, part
        assert weight.grad.isfinite().all(), part
    moved = [w.grad.abs().max() > 0 for w in head.kernel.parameters() if w.grad is not None]
    assert sum(moved) / len(moved) > 0.7  # what starts at zero may hide what stands behind it


@EVERY
def test_a_film_is_answered_alike_alone_and_beside_a_longer_one(name):
    head = fresh(name)
    [short, long] = films(10, 30)
    alone, beside = (head.kernel(*asked(head, some)[0]) for some in ([short], [short, long]))
    [a], [b] = head.decode(alone, [5.0]), head.decode(beside, [5.0, 15.0])[:1]
    assert len(a) == len(b) > 0
    for m, n in zip(a, b, strict=True):
        assert m.start_s == pytest.approx(n.start_s, abs=1e-3)
        assert m.end_s == pytest.approx(n.end_s, abs=1e-3)
        assert m.score == pytest.approx(n.score, abs=1e-4)
    torch.testing.assert_close(alone.saliency[0], beside.saliency[0, :10], atol=1e-4, rtol=1e-3)


@EVERY
def test_padded_clips_and_words_get_no_gradient(name):
    head = fresh(name)
    batch, targets = asked(head, films(10, 30))
    mask = batch.text_mask.clone()
    mask[0, 2:] = False
    video, text = batch.video.clone().requires_grad_(), batch.text.clone().requires_grad_()
    out = head.kernel(video, batch.video_mask, text, mask, batch.clips)
    terms = head.loss(out, targets)
    total = sum(head.loss_weights[k] * v for k, v in terms.items())
    by_video, by_text = torch.autograd.grad(total, (video, text))  # pyright: ignore
    assert not by_video[0, 10:].any()
    assert not by_text[0, 2:].any()
    assert by_video.any()
    assert by_video.isfinite().all()


@EVERY
@settings(max_examples=10)
@given(seed=st.integers(0, 999), frames=st.integers(8, 24), loud=st.floats(0, 1e3))
def test_spans_start_before_they_end_and_lie_in_the_film(name, seed, frames, loud):
    head = fresh(name, seed)
    film = planted(seed, frames=frames, width=8)
    batch, _ = asked(head, [film])
    out = head.kernel(*batch._replace(video=loud * batch.video))
    assert (out.spans[..., 0] <= out.spans[..., 1]).all()
    assert ((out.scores >= 0) & (out.scores <= 1)).all()
    assert out.saliency.shape == (1, frames)
    [moments] = head.decode(out, [film.tokens.duration_s])
    assert all(0 <= m.start_s < m.end_s <= film.tokens.duration_s for m in moments)


@EVERY
def test_what_is_saved_answers_the_same(name, tmp_path):
    [film], head = films(16), fresh(name)
    again = build("head", name, file=head.save(tmp_path / "head.safetensors").file)
    a, b = (h.grounding(film.tokens, film.query) for h in (head, again))
    for one, two in zip(a[:3], b[:3], strict=True):
        torch.testing.assert_close(one, two)
    assert head.weights() == again.weights()


@EVERY
def test_the_same_films_and_seed_give_the_same_weights(name):
    some = films(10, 12, 16)
    a, b, c = (
        train_head(fresh(name), some, steps=3, seed=s, batch=2).head.weights() for s in (0, 0, 1)
    )
    assert a == b != c
