import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build, tiou
from vtk_notebooks.blocks.grounding.batch import (
    Grounding,
    clip_ends,
    collate,
    even_clips,
    frame_means,
    targets_of,
    to_moments,
)
from vtk_notebooks.errors import VtkError
from vtk_notebooks.training import planted


def said(spans, scores):
    return Grounding(spans, scores, torch.zeros(len(scores), 1), {})


def films(*lengths):
    return [planted(i, frames=t, width=8) for i, t in enumerate(lengths)]


def batch_of(made):
    return collate([(film.tokens, film.query) for film in made])


def test_clips_and_words_are_unit_vectors_and_padding_is_zero():
    batch = batch_of(films(8, 12))
    assert batch.video_mask.sum(1).tolist() == [8, 12]
    for x, mask in ((batch.video, batch.video_mask), (batch.text, batch.text_mask)):
        torch.testing.assert_close(x.norm(dim=-1), mask.float())


def test_clips_begin_at_0_end_at_1_and_follow_each_other():
    [film] = films(8)
    clips = clip_ends(film.tokens)
    assert clips[0, 0] == 0
    assert clips[-1, 1] == 1
    torch.testing.assert_close(clips[1:, 0], clips[:-1, 1])
    torch.testing.assert_close(clips, even_clips(torch.ones(1, 8).bool())[0])


def test_a_frame_without_tokens_borrows_its_neighbours():
    [film] = films(8)
    fewer = build("compressor", "uniform", keep=0.5)(film.tokens)
    gone = ~fewer.kept().flatten(1).any(1)
    assert gone.any()
    torch.testing.assert_close(frame_means(fewer, "made").norm(dim=-1), torch.ones(8))


def test_targets_are_the_moments_as_parts_of_the_film():
    made = films(8, 12)
    known = [(film.tokens, film.moments) for film in made]
    known[1] = (made[1].tokens, (Moment(0.0, 1.0), Moment(2.0, 5.0)))
    targets = targets_of(known, batch_of(made))
    assert targets.there.tolist() == [[True, False], [True, True]]
    torch.testing.assert_close(targets.spans[1], torch.tensor([[0, 1 / 6], [1 / 3, 5 / 6]]))
    centres = targets.clips.mean(-1)
    [moment] = made[0].moments
    inside = (centres[0] * 4 > moment.start_s) & (centres[0] * 4 < moment.end_s)
    assert torch.equal(targets.labels.f[0], inside & targets.mask[0])


@given(seed=st.integers(0, 99))
def test_a_glance_lies_in_a_moment_and_follows_from_the_seed(seed):
    made = films(8, 12)
    known, batch = [(film.tokens, film.moments) for film in made], batch_of(made)
    targets = targets_of(known, batch, seed)
    assert (targets.spans[:, 0, 0] <= targets.glance).all()
    assert (targets.glance <= targets.spans[:, 0, 1]).all()
    assert torch.equal(targets.glance, targets_of(known, batch, seed).glance)


def test_some_rows_are_those_of_the_films():
    made = films(8, 12, 10)
    batch = batch_of(made)
    targets = targets_of([(film.tokens, film.moments) for film in made], batch)
    rows = torch.tensor([2, 0])
    assert torch.equal(batch.take(rows).video, batch.video[[2, 0]])
    some = targets.take(rows, seed=7)
    assert torch.equal(some.labels.f, targets.labels.f[[2, 0]])
    assert torch.equal(some.glance, targets.glance[[2, 0]])
    assert some.seed == 7


@given(
    spans=st.lists(st.tuples(st.floats(-2, 2), st.floats(0, 2)), min_size=1, max_size=6),
    seed=st.integers(0, 99),
    lasts_s=st.floats(0.1, 1000),
)
def test_whatever_was_said_its_moments_lie_in_the_film_best_first(spans, seed, lasts_s):
    ends = torch.tensor([[(a, a + length) for a, length in spans]])
    scores = torch.rand(1, len(spans), generator=torch.Generator().manual_seed(seed))
    [moments] = to_moments(said(ends, scores), [lasts_s], overlap=0.5, most=3, texts=["asked"])
    assert len(moments) <= 3
    assert all(0 <= m.start_s < m.end_s <= lasts_s for m in moments)
    assert [m.score for m in moments] == sorted((m.score for m in moments), reverse=True)
    assert all(tiou(a, b) <= 0.5 for a in moments for b in moments if a is not b)
    assert {m.text for m in moments} <= {"asked"}


def test_what_scores_nothing_is_no_proposal():
    spans = torch.tensor([[[0.1, 0.2], [0.3, 0.4]]])
    assert to_moments(said(spans, torch.zeros(1, 2)), [10.0]) == [[]]


def test_nothing_to_collate_and_nothing_known_are_refused():
    with pytest.raises(VtkError, match="one or more films"):
        collate([])
    [film] = films(8)
    with pytest.raises(VtkError, match="one or more moments"):
        targets_of([(film.tokens, ())], batch_of([film]))
