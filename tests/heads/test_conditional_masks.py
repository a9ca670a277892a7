from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import pad

from vtk_notebooks import Tokens
from vtk_notebooks.arrays import generator
from vtk_notebooks.compressors import Uniform
from vtk_notebooks.errors import ShapeError, SpaceError
from vtk_notebooks.heads.conditional_masks import ConditionalMasks, Kernel
from vtk_notebooks.training.planted_object import planted_object

WRONG, RIGHT, SCENE = torch.eye(8)[1], torch.eye(8)[2], torch.eye(8)[0]


def head(**config):
    return ConditionalMasks.new("made", 32, **{"hidden": 16, **config})


def shown(seed=0):
    return planted_object(seed, frames=8, side=5, size=2)


def kernel(**config):
    made = head(**config).kernel
    assert isinstance(made, Kernel)
    return made


def stage(frames=10, from_frame=4):
    """Cells in which a wrong thing stays on the left and the right one comes in on the right."""
    cells = SCENE.expand(1, frames, 4, 4, 8).clone()
    cells[:, :, 1:3, 0] = WRONG
    cells[:, from_frame:, 1:3, 3] = RIGHT
    wrong, right = (cells[0] @ WRONG > 0.5), (cells[0] @ RIGHT > 0.5)
    return cells, wrong, right


def candidates(wrong, right):
    """What is found without memory: the wrong thing as long as the right one is not to be seen."""
    come = right.flatten(1).any(1)[:, None, None]
    return torch.where(torch.where(come, right, wrong), 5.0, -5.0)[None]


def follow(cells, fresh, correct, begin=None):
    out = kernel(hidden=8).tracked(cells, fresh, torch.ones_like(fresh).bool(), correct, begin)
    return out["mask_logits"][0] > 0, out


def test_uncorrected_it_stays_with_the_wrong_thing_though_the_right_one_is_there():
    cells, wrong, right = stage()
    found, _ = follow(cells, candidates(wrong, right), "never")
    assert torch.equal(found, wrong)


def test_corrected_it_turns_to_the_right_thing_a_frame_after_it_appears():
    cells, wrong, right = stage()
    found, out = follow(cells, candidates(wrong, right), "overlap")
    assert torch.equal(found[:5], wrong[:5])
    assert torch.equal(found[5:], right[5:])
    assert out["others"][0].nonzero().flatten().tolist() == [4]  # one correction is enough


def test_where_both_masks_show_one_thing_correction_changes_nothing():
    cells, wrong, right = stage(from_frame=0)
    fresh = candidates(wrong, right)
    a, b = (follow(cells, fresh, how)[1]["mask_logits"] for how in ("never", "overlap"))
    assert torch.equal(a, b)


def test_what_it_is_told_to_track_is_tracked_whatever_the_words_say():
    cells, wrong, right = stage(from_frame=0)
    found, _ = follow(cells, candidates(wrong, right), "never", wrong[:1])
    assert torch.equal(found, wrong)


def test_a_thing_that_has_been_away_for_longer_than_memory_lasts_is_found_again_by_words():
    cells, wrong, right = stage(16, 0)
    cells[:, 4:, 1:3, 0] = SCENE
    there = wrong & (torch.arange(16) < 4)[:, None, None]
    fresh = candidates(there, right & (torch.arange(16) > 11)[:, None, None])
    found, _ = follow(cells, fresh, "never")
    assert torch.equal(found[:4], there[:4])
    assert not found[4:12].any()
    assert torch.equal(found[12:], right[12:])


@settings(max_examples=10)
@given(seed=st.integers(0, 99), split=st.integers(1, 7))
def test_memory_knows_nothing_of_later_frames(seed, split):
    draw, made = generator(seed), kernel()
    cells, fresh = (
        torch.randn(1, 8, 3, 3, 16, generator=draw),
        torch.randn(1, 8, 3, 3, generator=draw),
    )
    there = torch.ones_like(fresh).bool()
    before = made.tracked(cells, fresh, there, "learned", None)
    cells[:, split:], fresh[:, split:] = 3.0, 9.0
    after = made.tracked(cells, fresh, there, "learned", None)
    for name in before:
        assert torch.equal(before[name][:, :split], after[name][:, :split])


def test_clips_know_nothing_of_later_clips():
    made, film, other = head(clip=4), shown(0), shown(1)
    a, b = (f.tokens.on_grid("test") for f in (film, other))
    mixed = Tokens.from_grid(torch.cat([a[:4], b[4:]]), film.tokens.times_s, space="made")
    one, two = (made.masks(t, film.query) for t in (film.tokens, mixed))
    torch.testing.assert_close(one[:4], two[:4])
    assert not torch.allclose(one[4:], two[4:])


def test_any_decoder_can_find_the_candidates():
    def middle_cell(features, prompt):
        assert features.shape == (8, 16, 5, 5)
        assert prompt.shape == (8, 16)
        out = torch.full((8, 5, 5), -9.0)
        out[:, 2, 2] = 9.0
        return out

    film = shown()
    masks = head(trust=0.0).masks(film.tokens, film.query, middle_cell)
    assert (masks > 0.5).nonzero().tolist() == [[t, 2, 2] for t in range(8)]


def test_padded_frames_and_words_change_nothing_and_get_no_gradient():
    film, made = shown(), head()
    batch = made.collate([(film.tokens, film.query)])
    plain = made.kernel(*batch)
    video = pad(batch.video, (0, 0) * 3 + (0, 3), value=2.0).requires_grad_()
    text = pad(batch.text, (0, 0, 0, 2), value=-2.0).requires_grad_()
    masks = pad(batch.video_mask, (0, 3)), pad(batch.text_mask, (0, 2))
    out = made.kernel(video, masks[0], text, masks[1], pad(batch.clips, (0, 0, 0, 3)))
    logits = out.aux["mask_logits"][:, :8]
    torch.testing.assert_close(logits, plain.aux["mask_logits"], atol=1e-4, rtol=1e-4)
    by_video, by_text = torch.autograd.grad(logits.sum(), (video, text))
    assert not by_video[0, 8:].any()
    assert not by_text[0, 1:].any()


def test_saliency_is_what_the_surest_cell_says_whatever_is_tracked():
    film, made = shown(), head()
    alone = made.grounding(film.tokens, film.query).aux["fresh_logits"][0].sigmoid()
    torch.testing.assert_close(made.saliency(film.tokens, film.query), alone.flatten(1).amax(1))


def test_cells_that_no_token_speaks_for_have_no_mask():
    film = shown()
    fewer = Uniform(0.5)(film.tokens)
    masks = head().masks(fewer, film.query)
    assert torch.equal(masks.isnan(), ~fewer.kept())


def test_a_question_of_another_space_and_a_mask_of_another_grid_are_refused():
    film = shown()
    with pytest.raises(SpaceError, match="elsewhere"):
        head().masks(film.tokens, replace(film.query, space="elsewhere"))
    with pytest.raises(ShapeError):
        head().masks(film.tokens, film.query, begin=torch.ones(3, 3).bool())
