import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from vtk_notebooks.objectives.multi_positive_nce import MultiPositiveNCE, multi_positive_nce


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def every(*shape):
    return torch.ones(*shape, dtype=torch.bool)


def some(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) < 0.4


@given(seed=st.integers(0, 99), s=st.integers(1, 6), t=st.integers(1, 9))
def test_with_one_positive_frame_it_is_plain_cross_entropy(seed, s, t):
    similarity = draw(s, t, seed=seed)
    at = torch.randint(t, (s,), generator=torch.Generator().manual_seed(seed))
    positive = torch.arange(t) == at[:, None]
    ours = multi_positive_nce(similarity, positive, every(s), every(t))
    torch.testing.assert_close(ours, cross_entropy(similarity, at))


def test_where_all_frames_are_right_nothing_is_wrong():
    assert multi_positive_nce(draw(3, 5), every(3, 5), every(3), every(5)) == 0


def test_a_perfect_prediction_costs_nothing():
    positive = torch.eye(4).bool()
    cost = multi_positive_nce(1000.0 * positive.double(), positive, every(4), every(4))
    assert cost.item() == pytest.approx(0, abs=1e-12)


def test_a_sentence_that_is_never_shown_costs_nothing_but_counts_unless_told_otherwise():
    similarity, positive = draw(2, 5), some(2, 5, seed=3)
    positive[0, 0], positive[1] = True, False
    alone = multi_positive_nce(similarity[:1], positive[:1], every(1), every(5))
    both = multi_positive_nce(similarity, positive, every(2), every(5))
    left_out = multi_positive_nce(similarity, positive, every(2), every(5), count_absent=False)
    torch.testing.assert_close(both, alone / 2)
    torch.testing.assert_close(left_out, alone)


def test_padded_sentences_and_frames_change_nothing():
    text, video, shown = draw(2, 2, 3, 4), draw(2, 5, 4, seed=1), some(2, 3, 5, seed=2)
    plain = MultiPositiveNCE()(text, video, shown, every(2, 3), every(2, 5))
    wide = torch.nn.functional.pad(text, (0, 0, 0, 2), value=7.0)
    long = torch.nn.functional.pad(video, (0, 0, 0, 3), value=-3.0)
    more = torch.nn.functional.pad(shown, (0, 3, 0, 2), value=True)
    text_mask = torch.arange(5).expand(2, 5) < 3
    video_mask = torch.arange(8).expand(2, 8) < 5
    padded = MultiPositiveNCE()(wide, long, more, text_mask, video_mask)
    for name, term in plain.items():
        torch.testing.assert_close(padded[name], term)


def test_the_total_is_the_mean_over_decoder_layers():
    text, video, shown = draw(3, 2, 3, 4), draw(2, 5, 4, seed=1), some(2, 3, 5, seed=2)
    terms = MultiPositiveNCE()(text, video, shown, every(2, 3), every(2, 5))
    layers = [terms[f"layer {k}"] for k in range(3)]
    torch.testing.assert_close(terms["total"], torch.stack(layers).mean())
    assert len(set(map(float, layers))) == 3


def test_frames_of_other_films_are_negatives_even_where_the_sentence_is_shown_at_that_time():
    text, shown = draw(1, 2, 1, 4), torch.ones(2, 1, 1, dtype=torch.bool)
    near = text[0]  # each film's one frame is its own sentence
    right = MultiPositiveNCE()(text, near, shown, every(2, 1), every(2, 1))["total"]
    swapped = MultiPositiveNCE()(text, near.flip(0), shown, every(2, 1), every(2, 1))["total"]
    assert right < 1e-3 < swapped


def test_only_angles_count_and_the_temperature_divides_them():
    text, video, shown = draw(1, 1, 2, 4), draw(1, 5, 4, seed=1), some(1, 2, 5, seed=2)
    shown[..., 0] = True
    masks = every(1, 2), every(1, 5)
    a = MultiPositiveNCE(tau=0.5)(text, video, shown, *masks)["total"]
    b = MultiPositiveNCE(tau=0.5)(3 * text, video / 7, shown, *masks)["total"]
    torch.testing.assert_close(a, b)
    cosine = torch.nn.functional.cosine_similarity(text[0, 0][:, None], video[0][None], dim=-1)
    by_hand = multi_positive_nce(cosine / 0.5, shown[0], *(m[0] for m in masks))
    torch.testing.assert_close(a, by_hand)


def test_gradient_reaches_every_sentence_that_is_shown_and_no_frame_that_is_not_there():
    text, video = draw(1, 1, 2, 4).requires_grad_(), draw(1, 5, 4, seed=1).requires_grad_()
    shown = torch.zeros(1, 2, 5, dtype=torch.bool)
    shown[0, 0, 1:3] = True
    mask = torch.arange(5)[None] < 4
    MultiPositiveNCE()(text, video, shown, every(1, 2), mask)["total"].backward()
    assert text.grad is not None
    assert video.grad is not None
    assert text.grad[0, 0].any(-1).tolist() == [True, False]
    assert video.grad[0].any(-1).tolist() == [True] * 4 + [False]
