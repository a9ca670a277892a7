import pytest
import torch
from torch.nn.functional import binary_cross_entropy

from vtk_notebooks.blocks.grounding.labels import Labels
from vtk_notebooks.objectives.univtg import (
    UniVTGLoss,
    foreground_loss,
    saliency_losses,
    span_losses,
)


def draw(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def made(b=3, t=10, c=4):
    """What a head might say, and what is true: one moment of three clips in each film."""
    f = torch.zeros(b, t, dtype=torch.bool)
    f[:, 4:7] = True
    labels = Labels(f, torch.tensor([0.4, 0.7]).expand(b, t, 2), f.float())
    centre = ((torch.arange(t) + 0.5) / t)[None, :, None]
    span = centre + draw(b, t, 2) * torch.tensor([-0.3, 0.3])
    return draw(b, t), span, draw(b, t, c, seed=1), draw(b, c, seed=2), labels, ~f | f


def test_a_perfect_head_costs_nothing_but_contrast():
    _, _, _, _, labels, mask = made()
    text = torch.eye(4)[:3]
    video = torch.where(labels.f[..., None], text[:, None], -text[:, None])
    loss = UniVTGLoss(s_intra=0.0, s_inter=0.0)
    out = loss(labels.f.float(), labels.b.clone(), video, text, labels, mask)
    assert out["total"] == pytest.approx(0, abs=1e-6)


def test_the_total_is_the_weighted_sum_of_the_terms():
    out = UniVTGLoss()(*made())
    weights = {"b": 10, "g": 1, "f": 10, "s_intra": 0.05, "s_inter": 0.01}
    assert out["total"] == pytest.approx(sum(w * out[k].item() for k, w in weights.items()))


def test_background_clips_weigh_a_tenth():
    p, label = draw(1, 4), torch.tensor([[True, False, False, True]])
    each = binary_cross_entropy(p, label.float(), reduction="none")
    expected = (each * torch.tensor([1, 0.1, 0.1, 1])).sum() / 4
    torch.testing.assert_close(foreground_loss(p, label, torch.ones_like(label)), expected)


def test_what_background_clips_propose_costs_nothing():
    _, span, _, _, labels, _ = made()
    elsewhere = torch.where(labels.f[..., None], span, draw(3, 10, 2, seed=5))
    for a, b in zip(
        *(span_losses(s, labels.b, labels.f).values() for s in (span, elsewhere)), strict=True
    ):
        assert a == b


def test_clips_that_do_not_exist_cost_nothing_and_get_no_gradient():
    p, span, video, text, labels, mask = made()
    mask = mask.clone()
    mask[0, 6:] = False
    p, span, video = (x.clone().requires_grad_() for x in (p, span, video))
    total = UniVTGLoss()(p, span, video, text, labels, mask)["total"]
    for slope in torch.autograd.grad(total, (p, span, video)):
        assert not slope[0, 6:].any()
        assert slope[0, :6].any()
        assert slope.isfinite().all()


def test_contrast_falls_as_the_positive_clip_turns_to_the_text():
    _, _, video, text, labels, mask = made()
    place = torch.tensor([4, 4, 4])
    turned = video.clone()
    turned[torch.arange(3), place] = text
    before = saliency_losses(video, text, labels.s, mask, place)
    after = saliency_losses(turned, text, labels.s, mask, place)
    assert all(after[k] < before[k] for k in before)


def test_clips_as_salient_as_the_positive_one_are_no_negatives():
    _, _, video, text, labels, mask = made(b=1)
    place = torch.tensor([4])
    other = video.clone()
    other[:, 5:7] = draw(1, 2, 4, seed=8)
    a, b = (saliency_losses(v, text, labels.s, mask, place)["s_intra"] for v in (video, other))
    assert a == b


def test_without_any_saliency_there_is_no_contrast():
    _, _, video, text, labels, mask = made()
    out = saliency_losses(video, text, labels.s * 0, mask, torch.zeros(3, dtype=torch.long))
    assert set(out) == {"s_inter", "s_intra"}
    assert not any(out.values())


def test_without_foreground_there_is_no_span_to_miss():
    _, span, _, _, labels, _ = made()
    assert not any(span_losses(span, labels.b, torch.zeros_like(labels.f)).values())
