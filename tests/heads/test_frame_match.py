import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import pad

from vtk_notebooks.blocks.grounding.batch import targets_of
from vtk_notebooks.heads.frame_match import FrameMatch, FrameMatching, Kernel, matching
from vtk_notebooks.objectives.soft_match import SoftMatch
from vtk_notebooks.training import planted, train_head


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def head():
    return FrameMatching.new("made", 32, hidden=16, layers=2, heads=2)


def batch_of(*seeds, frames=16):
    films = [planted(seed, frames=frames, side=1) for seed in seeds]
    batch = head().collate([(f.tokens, f.query) for f in films])
    return batch, targets_of([(f.tokens, f.moments) for f in films], batch)


def test_a_state_that_equals_a_frame_of_an_orthonormal_bank_points_at_it():
    bank = torch.eye(9)[None]
    for frame in range(9):
        assert matching(bank[:, frame], bank).argmax() == frame


def test_likeness_is_the_product_of_two_projections_over_the_root_of_their_width():
    match = FrameMatch(5, 7, 4)
    state, frames = draw(2, 5), draw(2, 6, 7, seed=1)
    by_hand = torch.stack(
        [match.frm_head(frames[b]) @ match.vid_head(state[b]) / 2 for b in range(2)]
    )
    torch.testing.assert_close(match(state, frames), by_hand)


@given(seed=st.integers(0, 99), frames=st.integers(8, 12))
def test_moments_are_never_inside_out_and_scores_are_probabilities(seed, frames):
    batch, _ = batch_of(seed, seed + 1, frames=frames)
    out = head().kernel(*batch)
    assert (out.spans[..., 0] < out.spans[..., 1]).all()
    assert ((out.scores >= 0) & (out.scores <= 1)).all()
    assert ((out.saliency >= 0) & (out.saliency <= 1 + 1e-5)).all()


def test_the_best_moment_is_the_most_probable_pair_in_the_right_order():
    batch, _ = batch_of(0, frames=8)
    out = head().kernel(*batch)
    start, end = out.aux["logits"][0].softmax(-1)
    pairs = torch.stack([start[i] * end[i:].max() for i in range(8)])
    torch.testing.assert_close(out.scores[0], pairs)
    i = int(pairs.argmax())
    j = i + int(end[i:].argmax())
    best = [batch.clips[0, i, 0].item(), batch.clips[0, j, 1].item()]
    assert out.spans[0, i].tolist() == pytest.approx(best)


def test_saliency_is_the_probability_of_having_begun_and_not_ended():
    batch, _ = batch_of(0, frames=8)
    out = head().kernel(*batch)
    start, end = out.aux["logits"][0].softmax(-1)
    by_hand = [start[: t + 1].sum() * end[t:].sum() for t in range(8)]
    torch.testing.assert_close(out.saliency[0], torch.stack(by_hand))


def test_padded_frames_and_words_change_nothing_and_get_no_gradient():
    batch, _ = batch_of(0)
    kernel = head().kernel
    plain = kernel(*batch)
    video = pad(batch.video, (0, 0, 0, 5), value=3.0).requires_grad_()
    text = pad(batch.text, (0, 0, 0, 2), value=-2.0).requires_grad_()
    masks = pad(batch.video_mask, (0, 5)), pad(batch.text_mask, (0, 2))
    out = kernel(video, masks[0], text, masks[1], pad(batch.clips, (0, 0, 0, 5)))
    torch.testing.assert_close(out.scores[:, :16], plain.scores)
    torch.testing.assert_close(out.spans[:, :16], plain.spans)
    assert not out.scores[:, 16:].any()
    by_video, by_text = torch.autograd.grad(out.aux["logits"][..., :16].sum(), (video, text))
    assert not by_video[0, 16:].any()
    assert not by_text[0, 4:].any()
    assert by_video[0, :16].any(1).all()


def test_the_order_of_words_does_not_matter_that_of_frames_does():
    batch, _ = batch_of(0)
    kernel = head().kernel
    plain = kernel(*batch).aux["logits"]
    words = batch._replace(text=batch.text.flip(1))
    torch.testing.assert_close(kernel(*words).aux["logits"], plain, atol=1e-5, rtol=1e-4)
    frames = batch._replace(video=batch.video.flip(1))
    assert not torch.allclose(kernel(*frames).aux["logits"].flip(-1), plain, atol=1e-3)


def test_the_frame_that_was_matched_changes_what_the_second_token_sees():
    batch, _ = batch_of(0)
    kernel = head().kernel
    assert isinstance(kernel, Kernel)
    both = kernel(*batch).aux["logits"]
    with torch.no_grad():
        kernel.compare.vid_head.weight.neg_()  # another frame is matched first
        kernel.compare.vid_head.bias.neg_()
    assert not torch.allclose(-kernel(*batch).aux["logits"][:, 1], both[:, 1], atol=1e-4)
    torch.testing.assert_close(-kernel(*batch).aux["logits"][:, 0], both[:, 0])


def test_frames_and_words_do_not_hear_of_the_tokens_behind_them():
    kernel, states = head().kernel, []
    assert isinstance(kernel, Kernel)
    kernel.layers[-1].register_forward_hook(lambda *hooked: states.append(hooked[2]))
    before, gone = draw(1, 6, 16), torch.zeros(1, 6, dtype=torch.bool)
    for seed in (1, 2):
        kernel.pointed(before, gone, draw(1, 2, 16, seed=seed), before[:, :4])
    first, second = states
    torch.testing.assert_close(first[:, :6], second[:, :6])
    assert not torch.allclose(first[:, 6:], second[:, 6:])


def test_its_loss_asks_for_the_first_and_the_last_frame_of_the_moment():
    film = planted(3, frames=16, side=1)
    batch, targets = batch_of(3)
    [moment] = film.moments
    first, last = round(moment.start_s / 0.5), round(moment.end_s / 0.5) - 1
    out = head().kernel(*batch)
    terms = head().loss(out, targets)
    for name, side, at in (("start", 0, first), ("end", 1, last)):
        expected = SoftMatch()(out.aux["logits"][:, side], torch.tensor([float(at)]))["match"]
        torch.testing.assert_close(terms[name], expected)


def test_it_learns_in_a_few_steps():
    films = [planted(seed, frames=16, side=1) for seed in range(32)]
    curve = train_head(head(), films, steps=40).curve["start"]
    assert sum(curve[-5:]) < 0.85 * sum(curve[:5])
