import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import pad

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.batch import targets_of
from vtk_notebooks.heads.cyclic_localiser import (
    CyclicLocaliser,
    Decoder,
    Kernel,
    Localiser,
)
from vtk_notebooks.training import planted


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


def head():
    return CyclicLocaliser.new("made", 32, hidden=16)


def batch_of(*seeds):
    films = [planted(seed, frames=8, side=2) for seed in seeds]
    batch = head().collate([(f.tokens, f.query) for f in films])
    return batch, targets_of([(f.tokens, f.moments) for f in films], batch)


@settings(max_examples=20)
@given(seed=st.integers(0, 99), n=st.integers(1, 6))
def test_what_a_word_points_at_adds_up_to_one_over_the_regions_there_are(seed, n):
    there = torch.arange(6).expand(2, 6) < n
    weight = Localiser(8)(draw(2, 3, 8, seed=seed), draw(2, 6, 8, seed=seed + 1), there)
    torch.testing.assert_close(weight.sum(-1), torch.ones(2, 3))
    assert not weight[..., n:].any()


def test_words_are_localised_each_by_itself_and_regions_may_come_in_any_order():
    localiser, words, regions = Localiser(8), draw(1, 3, 8), draw(1, 6, 8, seed=1)
    there, order = torch.ones(1, 6, dtype=torch.bool), torch.randperm(6, generator=generator(0))
    whole = localiser(words, regions, there)
    torch.testing.assert_close(localiser(words[:, 1:2], regions, there), whole[:, 1:2])
    torch.testing.assert_close(localiser(words, regions[:, order], there), whole[..., order])


def test_with_one_region_it_is_what_every_word_points_at_and_both_readings_are_equal():
    kernel = head().kernel
    assert isinstance(kernel, Kernel)
    words, region, there = draw(2, 3, 16), draw(2, 1, 16, seed=1), torch.ones(2, 1).bool()
    found = kernel.localiser(words, region, there) @ region
    torch.testing.assert_close(found, region.expand(-1, 3, -1))
    aux = kernel.cycle(words, words.flatten(0, 1), region, there)
    torch.testing.assert_close(aux["decoded"], aux["reconstructed"])


def test_a_word_hears_of_the_words_before_it_only():
    decoder, words, regions = Decoder(8), draw(1, 4, 8), draw(1, 5, 8, seed=1)
    there = torch.ones(1, 5, dtype=torch.bool)
    states, _ = decoder(words, regions, there)
    later = words.clone()
    later[:, 2] += 1
    changed, _ = decoder(later, regions, there)
    torch.testing.assert_close(changed[:, :3], states[:, :3])
    assert not torch.allclose(changed[:, 3], states[:, 3])


def test_both_readings_train_the_one_decoder_and_only_the_second_the_localiser():
    made = head()
    batch, targets = batch_of(0, 1)
    terms = made.loss(made.kernel(*batch), targets)
    kernel = made.kernel
    assert isinstance(kernel, Kernel)
    for name, pointed in (("decode", False), ("reconstruct", True)):
        weights = [kernel.decoder.say.weight_hh, kernel.localiser.word.weight]
        grads = torch.autograd.grad(terms[name], weights, retain_graph=True, allow_unused=True)
        assert grads[0] is not None
        assert grads[0].any()
        assert (grads[1] is not None and bool(grads[1].any())) == pointed


def test_padded_words_and_frames_change_nothing():
    batch, _ = batch_of(0, 1)
    kernel = head().kernel
    plain = kernel(*batch)
    video = pad(batch.video, (0, 0) * 3 + (0, 2), value=3.0)
    masks = pad(batch.video_mask, (0, 2)), pad(batch.text_mask, (0, 2))
    text = pad(batch.text, (0, 0, 0, 2), value=-2.0)
    out = kernel(video, masks[0], text, masks[1], pad(batch.clips, (0, 0, 0, 2)))
    for name in ("decoded", "reconstructed"):
        torch.testing.assert_close(out.aux[name][:, :4], plain.aux[name], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(out.saliency[:, :8], plain.saliency)
    torch.testing.assert_close(out.spans[:, :8], plain.spans)


def test_words_at_has_a_map_for_every_word():
    film = planted(0, frames=8, side=2)
    maps = head().words_at(film.tokens, film.query)
    assert maps.shape == (4, 8, 2, 2)
    assert maps.sum((1, 2, 3)).tolist() == pytest.approx([1] * 4)
