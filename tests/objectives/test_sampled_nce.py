import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import binary_cross_entropy_with_logits, cosine_similarity, normalize

from vtk_notebooks.objectives.sampled_nce import (
    drawn_positive,
    focal,
    infonce,
    offset_loss,
    sampled_nce,
)


def rand(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


ALL = torch.ones(2, 6).bool()
FIRST = torch.tensor([0, 0])


@given(seed=st.integers(0, 99))
def test_among_clips_of_one_saliency_it_is_infonce(seed):
    video, text = rand(2, 6, 4, seed=seed), rand(2, 4, seed=seed + 1)
    alike = cosine_similarity(video, text[:, None], dim=-1) / 0.07
    plain = -alike.log_softmax(1)[:, 0].mean()
    torch.testing.assert_close(sampled_nce(video, text, ALL, torch.ones(2, 6), FIRST), plain)


def test_clips_more_salient_than_the_positive_one_are_no_negatives():
    video, text = rand(2, 6, 4), rand(2, 4, seed=1)
    saliency = torch.tensor([[0.5, 1.0, 0, 0, 0, 0], [0.5, 1.0, 0, 0, 0, 0]])
    other = video.clone()
    other[:, 1] = rand(2, 4, seed=3)
    a, b = (sampled_nce(v, text, ALL, saliency, FIRST) for v in (video, other))
    assert a == b
    other[:, 2] = rand(2, 4, seed=4)
    assert a != sampled_nce(other, text, ALL, saliency, FIRST)


def test_clips_that_do_not_exist_are_no_negatives():
    video, text = rand(2, 6, 4).requires_grad_(), rand(2, 4, seed=1)
    mask = ALL.clone()
    mask[:, 4:] = False
    sampled_nce(video, text, mask, torch.ones(2, 6), FIRST).backward()
    assert video.grad is not None
    assert not video.grad[:, 4:].any()
    assert video.grad[:, :4].any()


def test_focal_loss_without_gamma_is_weighted_cross_entropy():
    logits, label = rand(2, 6), rand(2, 6, seed=1) > 0
    each = binary_cross_entropy_with_logits(logits, label.float(), reduction="none")
    expected = (each * torch.where(label, 0.7, 0.3)).mean()
    torch.testing.assert_close(focal(logits, label, ALL, alpha=0.7, gamma=0.0), expected)


def test_focal_loss_forgets_what_is_easy():
    logits, label = torch.tensor([[4.0, 0.0]]), torch.tensor([[True, True]])
    mask = torch.ones_like(label)
    easy, hard = (focal(logits[:, i : i + 1], label[:, :1], mask[:, :1]) for i in (0, 1))
    plain = [binary_cross_entropy_with_logits(x, torch.ones(())) for x in logits[0]]
    assert easy / plain[0] < 0.01 * hard / plain[1]


def test_sure_points_and_right_offsets_cost_nothing():
    label = rand(2, 6) > 0
    logits = torch.where(label, 40.0, -40.0)
    ends = rand(2, 6, 2).abs()
    assert focal(logits, label, ALL).item() == pytest.approx(0, abs=1e-9)
    assert offset_loss(torch.where(label[..., None], ends, 9.0), ends, label) == 0


def test_offsets_of_points_that_answer_for_nothing_may_be_anything():
    ends = torch.full((1, 2, 2), torch.inf)
    ends[0, 0] = torch.tensor([1.0, 2.0])
    answers = torch.tensor([[True, False]])
    offsets = torch.zeros(1, 2, 2, requires_grad=True)
    loss = offset_loss(offsets, ends, answers)
    loss.backward()
    assert loss == 1.5
    assert offsets.grad is not None
    assert offsets.grad.isfinite().all()


def test_infonce_is_least_where_the_diagonal_wins():
    table = normalize(rand(3, 5, 5), dim=-1)
    assert infonce(table + 50 * torch.eye(5)) < 1e-6 < infonce(table)
    torch.testing.assert_close(infonce(table), infonce(table.mT))


@given(seed=st.integers(0, 99))
def test_the_positive_clip_is_one_of_the_most_salient_that_exist(seed):
    saliency = torch.tensor([[0.0, 1, 1, 0], [2, 1, 1, 9]])
    mask = torch.tensor([[True, True, True, True], [True, True, True, False]])
    first, second = drawn_positive(saliency, mask, seed).tolist()
    assert first in (1, 2)
    assert second == 0
