from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import normalize, pad

from vtk_notebooks import Query, Tokens
from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.batch import targets_of
from vtk_notebooks.compressors import Uniform
from vtk_notebooks.errors import SpaceError, WeightsError
from vtk_notebooks.heads.sentence_queries import Kernel, SentenceQueries
from vtk_notebooks.training import planted, train_head


@pytest.fixture(scope="module")
def head():
    films = [planted(seed, frames=16, side=1) for seed in range(64)]
    return train_head(SentenceQueries.new("made", 32, hidden=32), films, steps=60).head


def narrated(seed=0, many=4, absent=2, frames=32):
    """A film in which each of some sentences is shown for a while; the last ones never are."""
    draw = generator(seed)
    said = normalize(torch.randn(many + absent, 32, generator=draw), dim=-1)
    scene = normalize(torch.randn(32, generator=draw), dim=0)
    x = scene + 0.3 * normalize(torch.randn(frames, 32, generator=draw), dim=-1)
    part = frames // many
    for k in range(many):
        x[k * part + 1 : (k + 1) * part - 1] += said[k]
    tokens = Tokens.from_grid(x[:, None, None], torch.arange(frames) * 0.5, space="made")
    return tokens, [
        Query(f"sentence {i}", v, v[None], ("word",), "made") for i, v in enumerate(said)
    ]


def untrained():
    return SentenceQueries.new("made", 32, hidden=16, layers=2, heads=2)


def test_each_sentence_is_found_when_it_is_shown(head):
    tokens, sentences = narrated()
    times_s = head.align(tokens, sentences).times_s[:4]
    middles_s = [2.0, 6.0, 10.0, 14.0]
    assert (times_s - torch.tensor(middles_s)).abs().max() <= 1.5


def test_a_sentence_that_is_never_shown_is_the_less_alignable_one(head):
    for seed in range(4):
        alignability = head.align(*narrated(seed)).alignability
        assert alignability[:4].min() > alignability[4:].max()


@settings(max_examples=10)
@given(seed=st.integers(0, 99))
def test_the_order_of_sentences_does_not_matter(seed):
    tokens, sentences = narrated(seed)
    order = torch.randperm(len(sentences), generator=generator(seed)).tolist()
    plain = untrained().align(tokens, sentences)
    shuffled = untrained().align(tokens, [sentences[i] for i in order])
    torch.testing.assert_close(shuffled.similarity, plain.similarity[order])
    torch.testing.assert_close(shuffled.alignability, plain.alignability[order])


def test_sentences_know_of_each_other_and_the_order_of_frames_matters():
    tokens, sentences = narrated()
    alone = untrained().align(tokens, sentences[:1]).similarity[0]
    together = untrained().align(tokens, sentences).similarity[0]
    assert not torch.allclose(alone, together, atol=1e-6)
    backwards = replace(tokens, x=tokens.x.flip(0))
    turned = untrained().align(backwards, sentences[:1]).similarity[0].flip(0)
    assert not torch.allclose(turned, alone, atol=1e-6)


def test_padded_frames_and_sentences_change_nothing_and_get_no_gradient():
    head, (tokens, sentences) = untrained(), narrated(frames=12)
    batch = head.collate([(tokens, sentences[0])])
    text = torch.stack([s.vector for s in sentences])[None]
    kernel, said = head.kernel, torch.ones(text.shape[:2], dtype=torch.bool)
    assert isinstance(kernel, Kernel)
    behind, frames = kernel.read(batch.video, batch.video_mask, text, said)
    video = pad(batch.video, (0, 0, 0, 5), value=3.0).requires_grad_()
    longer = pad(text, (0, 0, 0, 2), value=-2.0).requires_grad_()
    wide, long = kernel.read(video, pad(batch.video_mask, (0, 5)), longer, pad(said, (0, 2)))
    torch.testing.assert_close(wide[:, :, : text.shape[1]], behind)
    torch.testing.assert_close(long[:, :12], frames)
    # a sum of unit vectors' squares is constant, so ask for something else
    loss = wide[:, :, : text.shape[1]].sum() + long[:, :12].sum()
    by_video, by_text = torch.autograd.grad(loss, (video, longer))
    assert not by_video[0, 12:].any()
    assert not by_text[0, text.shape[1] :].any()
    assert by_video[0, :12].any(1).all()
    assert by_text[0, : text.shape[1]].any(1).all()


def test_while_it_is_trained_every_film_is_asked_every_films_sentence():
    kernel = Kernel(32, 16, 2, 2).train()
    films = [planted(seed, frames=16, side=1) for seed in range(3)]
    batch = untrained().collate([(f.tokens, f.query) for f in films])
    own = kernel(*batch).aux["sentences"]
    all_of_them = batch.text[:, 0].expand(3, -1, -1)
    behind, _ = kernel.read(*batch[:2], all_of_them, torch.ones(3, 3, dtype=torch.bool))
    for film in range(3):
        torch.testing.assert_close(own[film], behind[:, film, film])


def test_its_loss_is_the_mean_over_decoder_layers_and_falls():
    films = [planted(seed, frames=16, side=1) for seed in range(8)]
    head = untrained()
    batch = head.collate([(f.tokens, f.query) for f in films])
    out = head.kernel(*batch)
    terms = head.loss(out, targets_of([(f.tokens, f.moments) for f in films], batch))
    assert out.aux["sentences"].shape[1] == 2
    assert set(terms) == set(head.loss_weights) == {"nce"}
    curve = train_head(head, films, steps=30).curve["total"]
    assert curve[-1] < 0.5 * curve[0]


def test_the_released_sizes_are_the_defaults_but_for_the_width():
    kernel = Kernel(32)
    assert len(kernel.encoder) == len(kernel.decoder) == 3
    assert kernel.compare.out_features == 64


def test_frames_without_tokens_are_never_the_time_of_a_sentence(head):
    tokens, sentences = narrated()
    fewer = Uniform(0.25)(tokens)
    found = head.align(fewer, sentences)
    gone = ~fewer.kept().flatten(1).any(1)
    assert torch.equal(found.similarity.isnan(), gone.expand(len(sentences), -1))
    frames = (found.times_s / 0.5).long()
    assert not gone[frames].any()


def test_sentences_of_another_space_are_refused(head):
    tokens, sentences = narrated()
    with pytest.raises(SpaceError, match="elsewhere"):
        head.align(tokens, [replace(sentences[0], space="elsewhere")])


def test_an_untrained_head_says_how_to_train_one():
    with pytest.raises(WeightsError, match="train_head"):
        SentenceQueries().align(*narrated())
