import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import pad

from vtk_notebooks.arrays import generator
from vtk_notebooks.heads.event_captioner import EventCaptioner, Heard, Kernel, heard
from vtk_notebooks.training import planted


def head():
    return EventCaptioner.new("made", 32, hidden=16)


def kernel_of(made) -> Kernel:
    assert isinstance(made.kernel, Kernel)
    return made.kernel


def batch_of(*seeds):
    films = [planted(seed, frames=8, side=1) for seed in seeds]
    return head().collate([(f.tokens, f.query) for f in films])


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


@torch.no_grad()
def test_a_modality_of_which_nothing_exists_is_one_that_is_absent():
    batch, kernel = batch_of(0, 1), kernel_of(head())
    plain = kernel(*batch).aux["logits"]
    nothing = Heard(noise(2, 3, 32), torch.zeros(2, 3).bool())
    torch.testing.assert_close(kernel(*batch, sound=nothing, speech=nothing).aux["logits"], plain)
    for mode in ("sound", "speech"):
        other = kernel(*batch, **{mode: heard(noise(2, 3, 32))}).aux["logits"]
        assert not torch.allclose(other, plain, atol=1e-4)


@torch.no_grad()
def test_one_film_hears_nothing_of_anothers_sound():
    batch, kernel = batch_of(0, 1), kernel_of(head())
    sound = noise(2, 3, 32)
    plain = kernel(*batch, sound=heard(sound)).aux["looks"]
    logits = kernel(*batch, sound=heard(sound)).aux["logits"]
    other = kernel(*batch, sound=heard(torch.stack([sound[0], -sound[1]]))).aux
    torch.testing.assert_close(other["logits"][0], logits[0])
    assert not torch.allclose(other["logits"][1], logits[1], atol=1e-4)
    torch.testing.assert_close(plain.sum(-1), torch.ones(2, 4))


@torch.no_grad()
@settings(max_examples=15)
@given(seed=st.integers(0, 99), at=st.integers(0, 3))
def test_words_hear_of_no_later_word(seed, at):
    kernel, batch = kernel_of(head()), batch_of(0)
    modes = kernel.modes(Heard(batch.video, batch.video_mask), None, None)
    words, said = noise(1, 4, 16, seed=seed), torch.ones(1, 4).bool()
    later = words.clone()
    later[:, at] += noise(16, seed=seed + 1)
    (plain, looks), (changed, others) = (kernel.states(w, said, modes) for w in (words, later))
    torch.testing.assert_close(plain[:, : at + 1], changed[:, : at + 1])
    torch.testing.assert_close(looks[:, : at + 1], others[:, : at + 1])
    assert not torch.allclose(plain[:, at + 1], changed[:, at + 1], atol=1e-4)


@torch.no_grad()
def test_causal_features_stand_beside_the_picture():
    batch, kernel = batch_of(0), kernel_of(head())
    picture = Heard(batch.video, batch.video_mask)
    plain = kernel.modes(picture, None, None)
    kernel.commonsense.dictionary.mul_(3)
    other = kernel.modes(picture, None, None)
    assert not torch.allclose(plain[0].x, other[0].x, atol=1e-4)
    torch.testing.assert_close(plain[1].x, other[1].x)


@torch.no_grad()
def test_padded_clips_words_and_sounds_change_nothing():
    batch, kernel, sound = batch_of(0, 1), kernel_of(head()), heard(noise(2, 3, 32))
    plain = kernel(*batch, sound=sound)
    masks = pad(batch.video_mask, (0, 2)), pad(batch.text_mask, (0, 2))
    video, text = (pad(x, (0, 0, 0, 2), value=3.0) for x in (batch.video, batch.text))
    longer = Heard(pad(sound.x, (0, 0, 0, 2), value=5.0), pad(sound.there, (0, 2)))
    clips = pad(batch.clips, (0, 0, 0, 2))
    out = kernel(video, masks[0], text, masks[1], clips, sound=longer)
    torch.testing.assert_close(out.aux["logits"][:, :4], plain.aux["logits"])
    torch.testing.assert_close(out.saliency[:, :8], plain.saliency)
    assert not out.aux["looks"][:, :4, 8:].any()


def test_what_is_told_is_what_is_most_probable_once_it_is_read_back():
    film, made = planted(0, frames=8, side=1), head()
    sound = noise(3, 32)
    told = made.tell(film.tokens, film.query, 3, sound)
    batch, kernel = made.collate([(film.tokens, film.query)]), kernel_of(made)
    number = torch.tensor([film.query.tokens.index(w) for w in told])
    every = kernel.embedded(batch.text[0])
    modes = kernel.modes(Heard(batch.video, batch.video_mask), heard(sound[None]), None)
    states, _ = kernel.states(every[number][None], torch.ones(1, 3).bool(), modes)
    assert torch.equal(kernel.likely(states[0, :-1], every).argmax(-1), number)
