import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Query, Tokens, build
from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.compressors import GumbelSelect
from vtk_notebooks.compressors.select.gumbel_frame_select import (
    FrameSelector,
    gumbel_noise,
    gumbel_softmax,
)
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def ask(d=8):
    words = torch.stack([torch.eye(d)[0], torch.eye(d)[0] + 0.1])
    return Query("?", torch.eye(d)[0], words, ("?", "!"), "made")


def film(t=8, h=2, w=3, d=8, planted=(), seed=0):
    """Noise without the question, and frames that are the question somewhere."""
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    x[..., 0] = 0.0
    x[list(planted), 0, 0] = torch.eye(d)[0]
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def frames(tokens):
    return (tokens.edges[:, 1] // 6).unique().tolist()


def test_each_part_of_the_film_gives_the_frame_that_answers_best():
    out = GumbelSelect(slots=4)(film(planted=(1, 2, 5, 6)), ask())
    assert frames(out) == [1, 2, 5, 6]
    assert out.kind == "hard"


def test_16_slots_of_32_frames_are_half_of_it():  # the paper's sizes
    assert GumbelSelect().count((32, 24, 24)) == (16 * 576, 16 * 576)


@given(slots=st.integers(1, 12), t=st.integers(1, 12), seed=st.integers(0, 99))
def test_slots_choose_different_frames_one_from_each_part(slots, t, seed):
    out = GumbelSelect(slots, best=1.0)(film(t=t, seed=seed), ask())
    many = min(slots, t)
    assert [f * many // t for f in frames(out)] == list(range(many))


def test_with_noise_slots_are_mixtures_and_the_seed_says_which():
    tokens = film()
    a, b, c = (GumbelSelect(3, noise=True, seed=s)(tokens, ask()) for s in (0, 0, 1))
    assert torch.equal(a.x, b.x)
    assert not torch.equal(a.x, c.x)
    assert a.kind == "attn"
    table = torch.zeros(18, 48).index_put(tuple(a.edges.T), a.share)
    torch.testing.assert_close(table @ tokens.x, a.x)


def test_a_mixture_stays_in_its_place_of_the_frame():
    out = GumbelSelect(3, noise=True)(film(), ask())
    assert torch.equal(out.edges[:, 0] % 6, out.edges[:, 1] % 6)


def test_without_noise_the_released_form_would_be_the_same_every_time():
    tokens = film()
    assert torch.equal(GumbelSelect(seed=1)(tokens, ask()).x, GumbelSelect(seed=2)(tokens, ask()).x)


def test_the_most_wanted_of_noisy_logits_is_drawn_from_their_softmax():
    logits = torch.tensor([0.0, 1.0, 2.0])
    noise = gumbel_noise((20_000, 3), generator(0))
    often = torch.bincount((logits + noise).argmax(1)) / 20_000
    torch.testing.assert_close(often, logits.softmax(0), atol=0.01, rtol=0)


def test_hard_is_one_frame_forward_and_the_mixture_backward():  # straight through
    logits = torch.randn(2, 5, generator=torch.Generator().manual_seed(0)).requires_grad_()
    noise, weight = gumbel_noise((2, 5), generator(1)), torch.arange(5.0)
    slopes = []
    for hard in (True, False):
        share = gumbel_softmax(logits, 0.5, noise, hard)
        slopes.append(torch.autograd.grad((share * weight).sum(), logits)[0])
    assert slopes[0].any()
    torch.testing.assert_close(slopes[0], slopes[1])
    hard = gumbel_softmax(logits, 0.5, noise, hard=True)
    assert torch.equal(hard.max(1).indices, (logits + noise).argmax(1))
    torch.testing.assert_close(hard.sort(1).values, torch.tensor([[0.0, 0, 0, 0, 1]] * 2))


def test_as_tau_falls_a_mixture_becomes_its_best_frame():
    logits, noise = torch.randn(3, 7, generator=generator(0)), gumbel_noise((3, 7), generator(1))
    share = gumbel_softmax(logits, 1e-3, noise)
    torch.testing.assert_close(share, gumbel_softmax(logits, 0.5, noise, hard=True))


def small(slots=4):
    return drawn(lambda: FrameSelector(8, slots, hidden=8, heads=2), 0)


def test_a_trained_kernel_chooses_and_a_frame_chosen_twice_comes_once(tmp_path):
    tokens, kernel = film(), small()
    trained = GumbelSelect(4, file=save_kernel(kernel, tmp_path / "a.safetensors"))
    means = tokens.x.view(8, 6, 8).mean(1)
    wanted = kernel(means[None], ask().words[None])[0].argmax(1)
    out = trained(tokens, ask())
    assert frames(out) == wanted.unique().tolist()
    fewest, most = trained.count(tokens.grid)
    assert fewest <= len(out) <= most
    assert trained.at(0.5).file == ""


def test_gradients_reach_what_the_kernel_makes_of_frames_and_words():
    kernel = small().train()
    share = gumbel_softmax(
        kernel(torch.randn(1, 5, 8, generator=generator(0)), ask().words[None]),
        0.5, gumbel_noise((1, 4, 5), generator(1)), hard=True,
    )  # fmt: skip
    (share * torch.arange(5)).sum().backward()
    read = kernel.former.read
    assert read is not None
    for p in (kernel.queries, kernel.project.weight, read.weight):
        assert p.grad is not None
        assert p.grad.any()


def test_a_kernel_for_other_frames_is_refused(tmp_path):
    file = save_kernel(small(), tmp_path / "a.safetensors")
    with pytest.raises(ShapeError, match="4 slots for 8 channels"):
        GumbelSelect(3, file=file)(film(), ask())
    with pytest.raises(WeightsError):
        GumbelSelect(file=str(tmp_path / "none"))(film(), ask())


def test_merged_tokens_have_no_frames_to_choose_from():
    with pytest.raises(ShapeError, match="Put it first"):
        GumbelSelect()(build("compressor", "bipartite_merge", keep=0.5)(film()), ask())


@pytest.mark.parametrize("wrong", [{"slots": 0}, {"tau": 0.0}, {"best": 0.0}, {"keep": 1.5}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        GumbelSelect(**wrong)
