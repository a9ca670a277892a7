import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Query, Tokens, build
from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.compressors import StagedFrames
from vtk_notebooks.compressors.select.hierarchical_frame_select import (
    Selector,
    perturbed_top_k,
    top_k,
)
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def ask(d=8):
    return Query("?", torch.eye(d)[0], torch.eye(d)[:1], ("?",), "made")


def film(t=8, h=2, w=3, d=8, planted=(), seed=0):
    """Noise without the question, and frames that are the question somewhere."""
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    x[..., 0] = 0.0
    x[list(planted), 0, 0] = torch.eye(d)[0]
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def frames(tokens):
    return (tokens.edges[:, 1] // 6).unique().tolist()


def test_8_frames_become_5_then_3_and_20_become_14_then_10():  # the paper's ratio of 0.72
    assert StagedFrames().frames(8) == [5, 3]
    assert StagedFrames().frames(20) == [14, 10]
    assert StagedFrames(ratio=0.5, stages=1).frames(8) == [4]


def test_the_frames_that_answer_best_are_left_whole_and_in_their_order():
    tokens = film(planted=(6, 1, 4))
    out = StagedFrames()(tokens, ask())
    assert torch.equal(out.x, tokens.x.view(8, 6, 8)[[1, 4, 6]].flatten(0, 1))
    assert out.kind == "hard"


def test_a_frame_of_nan_does_not_hide_what_the_question_says_of_the_others():
    tokens = film(planted=(6, 1, 4))
    tokens.x.view(8, 6, 8)[3] = torch.nan
    assert frames(StagedFrames()(tokens, ask())) == [1, 4, 6]


def test_without_noise_many_small_steps_choose_as_one_large_one():
    tokens = film()
    tokens.x[:, 0] = torch.randn(48, generator=generator(3))
    stages = StagedFrames(stages=3, keep=0.5, best=1.0)(tokens, ask())
    assert frames(stages) == frames(StagedFrames(stages=1, keep=0.5, best=1.0)(tokens, ask()))


def test_perturbed_top_k_becomes_the_exact_one_as_sigma_falls():
    score = torch.randn(3, 9, generator=generator(0))
    noise = torch.randn(3, 50, 9, generator=generator(1))
    assert torch.equal(perturbed_top_k(score, 4, noise, 1e-6), top_k(score, 4))


def test_in_noise_as_large_as_the_differences_no_frame_is_chosen_for_sure():  # the released form
    score = torch.randn(1, 8, generator=generator(0)).mul(0.1).softmax(1)
    share = perturbed_top_k(score, 4, torch.randn(1, 500, 8, generator=generator(1)), 0.05)
    torch.testing.assert_close(share.sum(-1), torch.ones(1, 4))
    assert share.max(-1).values.mean() < 0.6


@given(t=st.integers(1, 9), seed=st.integers(0, 99), data=st.data())
def test_rows_add_up_to_one_and_keep_their_order(t, seed, data):
    k = data.draw(st.integers(1, t))
    draw = generator(seed)
    share = perturbed_top_k(
        torch.randn(2, t, generator=draw), k, torch.randn(2, 20, t, generator=draw), 0.5
    )
    torch.testing.assert_close(share.sum(-1), torch.ones(2, k))
    place = (share * torch.arange(t)).sum(-1)
    assert (place.diff() > 0).all()


def test_its_slope_is_that_of_the_expectation():
    score = torch.tensor([[0.3, 0.1, 0.2]])
    weight = torch.tensor([1.0, -2.0, 0.5])
    noise = torch.randn(1, 200_000, 3, generator=generator(0))

    def expected(s):
        return (perturbed_top_k(s, 1, noise, 0.5)[:, 0] * weight).sum()

    leaf = score.clone().requires_grad_()
    (slope,) = torch.autograd.grad(expected(leaf), leaf)
    step = 0.05
    for i in range(3):
        nudge = step * torch.eye(3)[i]
        finite = (expected(score + nudge) - expected(score - nudge)) / (2 * step)
        assert abs(slope[0, i] - finite) < 0.02


def test_with_noise_frames_are_mixed_and_the_seed_says_how():
    tokens = film()
    a, b, c = (StagedFrames(noise=True, seed=s)(tokens, ask()) for s in (0, 0, 1))
    assert torch.equal(a.x, b.x)
    assert not torch.equal(a.x, c.x)
    assert (len(a), a.kind) == (18, "attn")
    assert a.mass().max() > 1


def small():
    return drawn(lambda: Selector(8), 0)


def test_a_trained_kernel_scores_each_stage_anew(tmp_path):
    tokens, kernel = film(), small()
    means = tokens.x.view(8, 6, 8).mean(1)[None]
    first = kernel.stages[0](means, ask().vector[None]).topk(5).indices[0].sort().values
    second = kernel.stages[1](means[:, first], ask().vector[None]).topk(3).indices[0]
    trained = StagedFrames(file=save_kernel(kernel, tmp_path / "a.safetensors"))
    assert frames(trained(tokens, ask())) == first[second].sort().values.tolist()


def test_gradients_reach_every_parameter_of_the_kernel():
    kernel = small().train()
    x = torch.randn(2, 8, 8, generator=generator(0))
    noise = torch.randn(2, 50, 8, generator=generator(1))
    share = kernel(x, x[:, 0], [5, 3], noise)
    assert share.shape == (2, 3, 8)
    (share * torch.arange(8)).sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in kernel.parameters())


def test_a_kernel_for_other_frames_is_refused(tmp_path):
    file = save_kernel(small(), tmp_path / "a.safetensors")
    with pytest.raises(ShapeError, match="2 stages for 8 channels"):
        StagedFrames(stages=1, file=file)(film(), ask())
    with pytest.raises(WeightsError):
        StagedFrames(file=str(tmp_path / "none"))(film(), ask())


def test_merged_tokens_have_no_frames_to_choose_from():
    with pytest.raises(ShapeError, match="Put it first"):
        StagedFrames()(build("compressor", "bipartite_merge", keep=0.5)(film()), ask())


@pytest.mark.parametrize(
    "wrong", [{"stages": 0}, {"ratio": 0.0}, {"sigma": 0.0}, {"samples": 0}, {"keep": -1.0}]
)
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        StagedFrames(**wrong)
