from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import pad

from vtk_notebooks import Tokens
from vtk_notebooks.arrays import generator
from vtk_notebooks.compressors import Uniform
from vtk_notebooks.errors import SpaceError
from vtk_notebooks.heads.one_token_masks import CellDecoder, Kernel, OneTokenMasks
from vtk_notebooks.objectives.mask_prediction import MaskPrediction
from vtk_notebooks.training.planted_object import planted_object


def head(**config):
    return OneTokenMasks.new("made", 32, hidden=32, **config)


def shown(seed=0):
    return planted_object(seed, frames=8, side=5, size=2)


def fitted(steps=60):
    """A head that has seen the masks of a few made films."""
    made, films = head(), [shown(seed) for seed in range(24)]
    batch = made.collate([(f.tokens, f.query) for f in films])
    masks, kernel = torch.stack([f.masks for f in films]), made.kernel.train()
    optimiser, draw = torch.optim.AdamW(kernel.parameters(), 2e-3), generator(0)
    for _ in range(steps):
        rows = torch.randperm(len(films), generator=draw)[:8]
        logits = kernel(*batch.take(rows)).aux["mask_logits"]
        optimiser.zero_grad()
        MaskPrediction()(logits.flatten(0, 1), masks[rows].flatten(0, 1))["total"].backward()
        optimiser.step()
    kernel.eval()
    return made


def test_taught_by_masks_it_finds_things_it_was_never_taught():
    untaught, taught = head(), fitted()
    ious = []
    for made in (untaught, taught):
        films = [shown(seed) for seed in range(500, 512)]
        found = [made.masks(f.tokens, f.query) > 0.5 for f in films]
        pairs = list(zip(found, films, strict=True))
        ious.append(sum(((m & f.masks).sum() / (m | f.masks).sum()).item() for m, f in pairs) / 12)
    assert ious[1] > max(0.6, ious[0] + 0.1)


def test_identical_frames_get_identical_masks_bit_for_bit():
    film = shown()
    x = film.tokens.on_grid("test")[:1].expand(6, -1, -1, -1)
    still = Tokens.from_grid(x.clone(), torch.arange(6).float(), space="made")
    masks = head().masks(still, film.query)
    assert torch.equal(masks, masks[:1].expand_as(masks))


@settings(max_examples=10)
@given(seed=st.integers(0, 99))
def test_the_decoder_looks_at_each_frame_by_itself(seed):
    draw = generator(seed)
    decoder, order = CellDecoder(8), torch.randperm(5, generator=draw)
    frames = torch.randn(5, 8, 3, 4, generator=draw)
    prompt = torch.randn(1, 8, generator=draw).expand(5, -1)
    torch.testing.assert_close(decoder(frames[order], prompt), decoder(frames, prompt)[order])


def test_one_prompt_serves_all_frames_and_any_decoder_can_read_it():
    film, asked = shown(), []

    def middle_cell(features, prompt):
        asked.append((features, prompt))
        out = torch.full((len(features), *features.shape[2:]), -9.0)
        out[:, 2, 2] = 9.0
        return out

    masks = head().masks(film.tokens, film.query, decoder=middle_cell)
    assert (masks > 0.5).nonzero().tolist() == [[t, 2, 2] for t in range(8)]
    [(features, prompt)] = asked
    assert features.shape == (8, 32, 5, 5)
    assert torch.equal(prompt, prompt[:1].expand(8, -1))


def test_given_its_own_decoder_from_outside_the_masks_are_the_same():
    film, made = shown(), head()
    kernel = made.kernel
    assert isinstance(kernel, Kernel)
    plain = made.masks(film.tokens, film.query)
    torch.testing.assert_close(made.masks(film.tokens, film.query, kernel.decoder), plain)


def test_the_prompt_hears_of_the_film_and_of_dense_frames_more_than_of_sparse_ones():
    film = shown()
    made = head(dense=1)  # of 8 frames it is number 4
    kernel = made.kernel
    assert isinstance(kernel, Kernel)
    batch = made.collate([(film.tokens, film.query)])
    cells = kernel.project(batch.video).detach().requires_grad_()
    words = kernel.project(batch.text)
    prompt = kernel.prompt(cells, batch.video_mask, words, batch.text_mask)
    (by_cells,) = torch.autograd.grad(prompt.square().sum(), cells)
    spread = by_cells[0].flatten(1, 2).std(1).sum(-1)
    assert (by_cells[0].abs().sum((1, 2, 3)) > 0).all()
    assert spread[4] > 1e-9
    assert spread[[0, 1, 2, 3, 5, 6, 7]].max() < 1e-7  # of these only the mean is seen


def test_padded_frames_and_words_change_nothing_and_get_no_gradient():
    film, made = shown(), head()
    batch = made.collate([(film.tokens, film.query)])
    plain = made.kernel(*batch)
    video = pad(batch.video, (0, 0) * 3 + (0, 3), value=2.0).requires_grad_()
    text = pad(batch.text, (0, 0, 0, 2), value=-2.0).requires_grad_()
    masks = pad(batch.video_mask, (0, 3)), pad(batch.text_mask, (0, 2))
    out = made.kernel(video, masks[0], text, masks[1], pad(batch.clips, (0, 0, 0, 3)))
    logits = out.aux["mask_logits"][:, :8]
    torch.testing.assert_close(logits, plain.aux["mask_logits"], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(out.spans[:, :8], plain.spans)
    by_video, by_text = torch.autograd.grad(logits.sum(), (video, text))
    assert not by_video[0, 8:].any()
    assert not by_text[0, 1:].any()


def test_saliency_is_what_the_surest_cell_says():
    film, made = shown(), head()
    masks = made.masks(film.tokens, film.query)
    torch.testing.assert_close(made.saliency(film.tokens, film.query), masks.flatten(1).amax(1))


def test_cells_that_no_token_speaks_for_have_no_mask():
    film = shown()
    fewer = Uniform(0.5)(film.tokens)
    masks = head().masks(fewer, film.query)
    assert torch.equal(masks.isnan(), ~fewer.kept())


def test_a_question_of_another_space_is_refused():
    film = shown()
    with pytest.raises(SpaceError, match="elsewhere"):
        head().masks(film.tokens, replace(film.query, space="elsewhere"))
