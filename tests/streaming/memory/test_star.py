from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.kernels import save_kernel
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.streaming import remember, remembered
from vtk_notebooks.streaming.memory.star import AbstractAttention, StarMemory
from vtk_notebooks.tokens import Tokens


def film(t, h=16, w=16, d=4, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 1)


def shares(out):
    """Of each frame in each token."""
    t, h, w = out.grid
    table = torch.zeros(len(out), t)
    return table.index_put((out.edges[:, 0], out.edges[:, 1] // (h * w)), out.share, True)


@pytest.mark.parametrize(("t", "tokens"), [(1, 81), (3, 307), (25, 681), (26, 681), (80, 681)])
def test_681_tokens_however_long_the_stream(t, tokens):  # the paper's claim
    assert len(remember(StarMemory(), film(t), chunk=9)) == tokens


def test_what_centres_stand_for_adds_up_to_all_frames():
    made, tokens = StarMemory(centres=5, centre_side=1, recalled=0), film(60, 2, 2)
    out = remember(made, tokens)
    mass = made.mass
    assert mass.sum() == 60
    total = (mass[:, None] * out.x[25:30]).sum(0)
    torch.testing.assert_close(total, tokens.x.view(60, 4, 4).mean(1).sum(0), atol=1e-4, rtol=1e-4)


def test_a_frame_belongs_to_one_centre_and_counts_there_as_one_of_its_frames():
    made = StarMemory(centres=5, centre_side=1, recalled=0)
    of_centres = shares(remember(made, film(60, 2, 2)))[25:30]
    assert ((of_centres > 0).sum(0) == 1).all()
    for row, mass in zip(of_centres, made.mass, strict=True):
        torch.testing.assert_close(row[row > 0], torch.full((int(mass),), 1 / mass.item()))


@pytest.mark.parametrize("seed", range(5))
def test_scenes_become_centres_and_a_frame_of_the_longest_is_recalled(seed):
    scene = torch.randn(2, 1, 1, 8, generator=torch.Generator().manual_seed(1)) * 10
    order = [0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1]
    made = StarMemory(centres=2, centre_side=1, side=1, recalled=1, seed=seed)
    out = remember(made, Tokens.from_grid(scene[order], torch.arange(len(order)) / 1))
    assert sorted(made.mass.tolist()) == [3, 9]
    assert order[int(shares(out)[-2].argmax())] == 1


def test_the_newest_frame_comes_last_in_eight_by_eight():
    tokens = film(30)
    out = remember(StarMemory(), tokens)
    newest = tokens.x.view(30, 16, 16, 4)[-1].view(8, 2, 8, 2, 4).mean((1, 3)).view(64, 4)
    torch.testing.assert_close(out.x[-64:], newest)
    assert (shares(out)[-64:].argmax(1) == 29).all()


def test_a_recalled_frame_is_a_real_one():
    made, tokens = StarMemory(), film(40)
    out = remember(made, tokens)
    recalled = shares(out)[425:-64]
    assert ((recalled > 0).sum(1) == 1).all()
    x = tokens.x.view(40, 16, 16, 4)[recalled[::64].argmax(1)]
    pooled = x.unfold(1, 2, 2).unfold(2, 2, 2).mean((-1, -2))
    torch.testing.assert_close(out.x[425:-64], pooled.flatten(0, 2))


def test_the_abstract_is_the_first_frames_until_it_is_full():
    of_abstract = shares(remember(StarMemory(), film(25, 2, 2)))[:25]
    torch.testing.assert_close(of_abstract, torch.eye(25))


def test_a_block_replaces_a_fifth_of_the_abstract():
    of_abstract = shares(remember(StarMemory(), film(75, 2, 2)))[:25]
    torch.testing.assert_close(of_abstract[:, :25].sum(1), torch.full((25,), 0.64))
    torch.testing.assert_close(of_abstract[:, 50:].sum(1), torch.full((25,), 0.2))


def test_a_block_that_is_not_full_is_blended_when_the_memory_is_read_and_only_then():
    made = StarMemory(abstract=4, block=6)
    outs = [out.x[:4].clone() for out in remembered(made, film(30, 2, 2))]
    assert all(not torch.equal(a, b) for a, b in pairwise(outs[4:]))
    assert torch.equal(outs[-1], remember(made, film(30, 2, 2)).x[:4])


@given(alpha=st.floats(0, 1), t=st.integers(1, 20), seed=st.integers(0, 9))
def test_the_abstract_never_leaves_the_range_of_what_was_seen(alpha, t, seed):
    tokens = film(t, 1, 1, seed=seed)
    out = remember(StarMemory(abstract=3, block=4, alpha=alpha, seed=seed), tokens).x[: min(t, 3)]
    assert (out <= tokens.x.amax(0) + 1e-5).all()
    assert (out >= tokens.x.amin(0) - 1e-5).all()


def test_the_seed_is_that_of_k_means_and_of_the_attention():
    first, again, other = (remember(StarMemory(seed=n), film(60, 4, 4)) for n in (0, 0, 1))
    assert torch.equal(first.x, again.x)
    assert not torch.equal(first.x[:25], other.x[:25])
    assert not torch.equal(first.x[25:], other.x[25:])


def test_a_trained_attention_is_read_from_its_file(tmp_path):
    kernel = AbstractAttention(4)
    torch.nn.init.zeros_(kernel.query.weight)  # attends to all frames of a block alike
    file = save_kernel(kernel, tmp_path / "attention.safetensors")
    of_abstract = shares(remember(StarMemory(file=file), film(50, 2, 2)))[:25]
    torch.testing.assert_close(of_abstract[:, 25:], torch.full((25, 25), 0.2 / 25))
    with pytest.raises(ShapeError, match="4 channels"):
        remember(StarMemory(file=file), film(50, 2, 2, d=5))


@pytest.mark.parametrize("wrong", [{"centres": 0}, {"block": 0}, {"recalled": 26}, {"side": 0}])
def test_counts_that_make_no_memory_are_refused(wrong):
    with pytest.raises(VtkError, match="counts of 1 or more"):
        StarMemory(**wrong)


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan")])
def test_alpha_is_a_part(alpha):
    with pytest.raises(VtkError, match="alpha"):
        StarMemory(alpha=alpha)
