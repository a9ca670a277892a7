import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import pad, scaled_dot_product_attention

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.batch import targets_of
from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.heads.memory_routed_decoder import (
    Kernel,
    MemoryRoutedAttention,
    MemoryRoutedDecoder,
    Route,
)
from vtk_notebooks.training import planted


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


def attention(ahead=False, **route):
    return drawn(lambda: MemoryRoutedAttention(8, 2, 24, ahead, Route(**route)), 0)


def head(**config):
    return MemoryRoutedDecoder.new("made", 32, hidden=16, layers=2, heads=2, **config)


def kernel_of(made) -> Kernel:
    assert isinstance(made.kernel, Kernel)
    return made.kernel


def batch_of(*seeds):
    films = [planted(seed, frames=8, side=1) for seed in seeds]
    batch = head().collate([(f.tokens, f.query) for f in films])
    return batch, targets_of([(f.tokens, f.moments) for f in films], batch)


def seen():
    return draw(2, 3, 8), draw(2, 3, 24, seed=1), draw(2, 5, 8, seed=2), torch.ones(2, 3, 5).bool()


@torch.no_grad()
@pytest.mark.parametrize("ahead", [False, True])
def test_without_a_route_and_what_came_before_it_is_plain_attention(ahead):
    layer = attention(ahead, memory=0.0, before=0.0)
    x, memory, frames, there = seen()
    told, share = layer(x, memory, frames, there, torch.rand(2, 2, 3, 5, generator=generator(0)))
    q, k, v = (
        y.unflatten(-1, (2, 4)).transpose(1, 2)
        for y in (layer.ask(x), layer.key(frames), layer.value(frames))
    )
    plain = scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
    torch.testing.assert_close(told, layer.out(plain))
    torch.testing.assert_close(share.sum(-1), torch.ones(2, 2, 3))


@torch.no_grad()
def test_an_empty_memory_asks_nothing_and_the_word_is_heard_six_tenths_as_loud():
    layer = attention()
    layer.recall.bias.zero_()
    x, memory, frames, there = seen()
    plain = attention(memory=0.0)
    plain.ask.weight.mul_(0.6)
    plain.ask.bias.mul_(0.6)
    told, share = layer(x, 0 * memory, frames, there)
    torch.testing.assert_close(told, plain(x, memory, frames, there)[0])
    assert not torch.allclose(share, layer(x, memory, frames, there)[1], atol=1e-4)


@torch.no_grad()
def test_the_logits_are_mixed_as_released():
    layer, (x, memory, frames, there) = attention(), seen()
    before = torch.rand(2, 2, 3, 5, generator=generator(3))
    q, m, k = (
        y.unflatten(-1, (2, 4)).transpose(1, 2)
        for y in (layer.ask(x), layer.recall(memory), layer.key(frames))
    )
    own, recalled = q @ k.mT / 2, m @ k.mT / 2
    smooth = layer.smooth(recalled).relu()
    smooth = torch.cat([recalled[:, :, :1], smooth[:, :, :-1]], 2)
    mixed = 0.6 * own + 0.4 * (0.9 * recalled + 0.1 * smooth)
    expected = (0.9 * mixed + 0.1 * before).softmax(-1)
    torch.testing.assert_close(layer(x, memory, frames, there, before)[1], expected)


@settings(max_examples=20)
@given(seed=st.integers(0, 99), at=st.integers(0, 3))
def test_words_hear_of_no_later_word_in_spite_of_the_convolution(seed, at):
    kernel = kernel_of(head())
    words, frames = draw(1, 4, 16, seed=seed), draw(1, 6, 16, seed=seed + 1)
    later = words.clone()
    later[:, at] += 1
    said, there = torch.ones(1, 4).bool(), torch.ones(1, 6).bool()
    states, looks = kernel.decoders[0](words, said, frames, there)
    changed, others = kernel.decoders[0](later, said, frames, there)
    torch.testing.assert_close(states[:, : at + 1], changed[:, : at + 1])
    torch.testing.assert_close(looks[:, :, : at + 1], others[:, :, : at + 1])
    assert not torch.allclose(states[:, at + 1], changed[:, at + 1])


def test_commonsense_looks_at_the_caption_and_the_caption_at_no_commonsense():
    kernel, (batch, _) = kernel_of(head()), batch_of(0)
    text = batch.text[:, None].repeat(1, 4, 1, 1)
    said = torch.ones(1, 4, 4, dtype=torch.bool)
    frames = kernel.seen(batch.video)

    def states(text):
        return kernel.states(frames, batch.video_mask, kernel.embedded(text), said)[0]

    plain = states(text)
    for changed in (0, 2):
        other = text.clone()
        other[:, changed] = other[:, changed].flip(1)
        moved = [not torch.allclose(states(other)[:, k], plain[:, k], atol=1e-4) for k in range(4)]
        assert moved == ([True] * 4 if changed == 0 else [False, False, True, False])


def test_all_kinds_train_the_words_they_share_and_only_their_own_decoder():
    made = head()
    batch, targets = batch_of(0, 1)
    terms = made.loss(made.kernel(*batch), targets)
    kernel = kernel_of(made)
    ways = [kernel.project.weight, *(d.begin for d in kernel.decoders)]  # pyright: ignore
    for k, kind in enumerate(("caption", "intention", "effect", "attribute")):
        grads = torch.autograd.grad(terms[kind], ways, retain_graph=True, allow_unused=True)
        reached = [g is not None and bool(g.any()) for g in grads]
        assert reached == [True, True, *(j == k for j in (1, 2, 3))]


def test_padded_words_and_frames_change_nothing():
    batch, _ = batch_of(0, 1)
    kernel = kernel_of(head())
    plain = kernel(*batch)
    masks = pad(batch.video_mask, (0, 2)), pad(batch.text_mask, (0, 2))
    video = pad(batch.video, (0, 0, 0, 2), value=3.0)
    text = pad(batch.text, (0, 0, 0, 2), value=-2.0)
    out = kernel(video, masks[0], text, masks[1], pad(batch.clips, (0, 0, 0, 2)))
    torch.testing.assert_close(out.aux["logits"][:, :, :4], plain.aux["logits"])
    torch.testing.assert_close(out.saliency[:, :8], plain.saliency)
    torch.testing.assert_close(out.spans[:, :8], plain.spans)
    assert not out.aux["looks"][:, :, :4, 8:].any()


def test_what_words_look_at_adds_up_to_one_over_the_frames():
    batch, _ = batch_of(0, 1)
    looks = head().kernel(*batch).aux["looks"]
    torch.testing.assert_close(looks.sum(-1), torch.ones(looks.shape[:-1]))


def test_it_tells_a_sentence_of_every_kind_in_words_it_was_given():
    film = planted(0, frames=8, side=1)
    told = head().tell(film.tokens, film.query, 3)
    assert [len(sentence) for sentence in told] == [3] * 4
    assert {word for sentence in told for word in sentence} <= set(film.query.tokens)


def test_what_is_told_is_what_is_most_probable_once_it_is_read_back():
    film, made = planted(0, frames=8, side=1), head()
    told = made.tell(film.tokens, film.query, 3)
    batch, kernel = made.collate([(film.tokens, film.query)]), kernel_of(made)
    number = torch.tensor([[film.query.tokens.index(w) for w in row] for row in told])
    said = torch.ones(1, 4, 3, dtype=torch.bool)
    every = kernel.embedded(batch.text[0])
    frames = kernel.seen(batch.video)
    states, _ = kernel.states(frames, batch.video_mask, every[number][None], said)
    again = (kernel.compare(states[0, :, :-1]) @ every.T).argmax(-1)
    assert torch.equal(again, number)
