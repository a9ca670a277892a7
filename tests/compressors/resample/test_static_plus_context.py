import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.compressors import StaticContext
from vtk_notebooks.compressors.resample.static_plus_context import ContextFormer
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def film(t=16, h=6, w=6, d=8, cuts=(), seed=0, noise=0.1):
    """Scenes that begin at 0 and at the cuts; frames of a scene differ by a little noise."""
    draw = torch.Generator().manual_seed(seed)
    scene = torch.zeros(t, dtype=torch.long)
    scene[list(cuts)] = 1
    scenes = torch.randn(len(cuts) + 1, h, w, d, generator=draw)
    x = scenes[scene.cumsum(0)] + noise * torch.randn(t, h, w, d, generator=draw)
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def frames(static):
    return static.nonzero().squeeze(1).tolist()


def test_8_frames_of_144_become_256_tokens_and_264_with_separators():  # the paper's arithmetic
    tokens = film(t=8, h=12, w=12, d=2)
    assert len(StaticContext()(tokens)) == 144 + 7 * 16
    assert len(StaticContext(separators=True)(tokens)) == 145 + 7 * 17


def test_planted_cuts_are_found_and_groups_begin_anew_at_each():
    static = StaticContext(group=4).static_frames(film(t=16, cuts=(5, 11)))
    assert frames(static) == [0, 4, 5, 9, 11, 15]


def test_of_too_many_cuts_the_deepest_count():
    tokens = film(t=12, cuts=(3, 6, 9))
    tokens.x[6 * 36 :] *= -1  # turns the cut at 6 over
    x = tokens.x.view(12, -1)
    depth = torch.nn.functional.cosine_similarity(x[1:], x[:-1])
    deepest = sorted((depth.argsort()[:2] + 1).tolist())
    assert frames(StaticContext(scenes=3, group=99).static_frames(tokens)) == [0, *deepest]


def test_a_still_film_is_one_scene_unless_cuts_are_made_as_the_released_code_does():
    tokens = film(t=20)
    assert frames(StaticContext().static_frames(tokens)) == [0, 8, 16]
    assert StaticContext(alike=2.0).static_frames(tokens).all()  # compresses nothing


def test_static_frames_keep_their_tokens_bit_for_bit_and_in_their_place():
    tokens = film(t=10, cuts=(5,))
    out = StaticContext()(tokens)
    size = [36, 16, 16, 16, 16, 36, 16, 16, 16, 16]
    parts = out.x.split(size)
    for f in (0, 5):
        assert torch.equal(parts[f], tokens.x[36 * f : 36 * f + 36])
    frame = out.edges[:, 1] // 36
    assert torch.equal(
        frame, torch.arange(10).repeat_interleave(torch.tensor(size))[out.edges[:, 0]]
    )


def test_a_context_token_asks_its_own_frame_with_the_static_ones_mean():
    tokens = film(t=2, h=2, w=4, d=8, noise=1.0)
    out = StaticContext(context=2, alike=-1.0)(tokens)
    static, moving = tokens.x[:8], tokens.x[8:]
    asked = torch.stack([static[:4].mean(0), static[4:].mean(0)])
    norm = torch.nn.functional.layer_norm
    share = (norm(asked, (8,)) @ norm(moving, (8,)).T / 8**0.5).softmax(1)
    torch.testing.assert_close(out.x[8:], share @ moving)
    assert out.kind == "attn"


def test_a_separator_stands_behind_every_frame_and_for_no_cell():
    out = StaticContext(separators=True)(film(t=3))
    empty = (out.mass() == 0).nonzero().squeeze(1)
    assert empty.tolist() == [36, 36 + 17, 36 + 34]
    assert not out.x[empty].any()


@given(t=st.integers(1, 30), cuts=st.sets(st.integers(1, 29)), group=st.integers(1, 9))
def test_it_keeps_within_the_bounds_it_names_whatever_the_cuts(t, cuts, group):
    made = StaticContext(group=group, scenes=4, context=3)
    tokens = film(t=t, h=2, w=3, cuts=sorted(c for c in cuts if c < t))
    fewest, most = made.count(tokens.grid)
    assert fewest <= len(made(tokens)) <= most


@given(t=st.integers(1, 20), keep=st.floats(0.02, 1), cuts=st.sets(st.integers(1, 19)))
def test_a_budget_is_met_exactly_as_counted_whatever_the_cuts(t, keep, cuts):
    made = StaticContext().at(keep)
    tokens = film(t=t, h=3, w=4, cuts=sorted(c for c in cuts if c < t))
    assert made.count(tokens.grid) == (len(made(tokens)),) * 2


def test_with_a_budget_the_deepest_cuts_come_first_then_the_longest_gaps():
    tokens = film(t=16, cuts=(11,))
    assert frames(StaticContext().at(0.3).static_frames(tokens)) == [0, 11]
    assert frames(StaticContext().at(0.4).static_frames(tokens)) == [0, 3, 6, 11]


def test_a_frame_with_no_more_cells_than_context_tokens_stays_as_it_is():
    tokens = film(h=4, w=4)
    assert torch.equal(StaticContext(context=16)(tokens).x, tokens.x)


def test_a_trained_kernel_saw_its_frame_and_the_static_one(tmp_path):
    tokens = film(t=3, h=2, w=3, d=8)
    kernel = drawn(lambda: ContextFormer(8, 2, hidden=8, heads=2), 0)
    trained = StaticContext(context=2, file=save_kernel(kernel, tmp_path / "a.safetensors"))
    out, x = trained(tokens), tokens.x.view(3, 6, 8)
    told = kernel(x[:1].expand(2, -1, -1), x[1:])
    torch.testing.assert_close(out.x[6:], told.flatten(0, 1))
    assert torch.equal(out.x[:6], x[0])
    assert (out.kind, out.spaces) == ("receptive", (("static_plus_context", 8),))
    heard = out.edges[out.edges[:, 0] == 9, 1]
    assert heard.tolist() == [*range(6), *range(12, 18)]


def test_context_tokens_are_unit_vectors_and_silence_is_a_shorter_memory():
    kernel = drawn(lambda: ContextFormer(8, 2, hidden=8, heads=2, words=4), 0)
    static, frame = torch.randn(2, 1, 6, 8, generator=torch.Generator().manual_seed(0))
    silent = kernel(static, frame)
    torch.testing.assert_close(silent.norm(dim=-1), torch.ones(1, 2))
    assert torch.equal(kernel(static, frame, sound=frame[:, :0]), silent)
    assert not torch.equal(kernel(static, frame, sound=static[:, :3]), silent)
    assert not torch.equal(kernel(static, frame, words=torch.ones(1, 3, 4)), silent)


def test_gradients_reach_every_parameter_of_the_kernel():
    kernel = drawn(lambda: ContextFormer(8, 2, hidden=8, heads=2), 0).train()
    x = film(t=2, h=2, w=3).x.view(2, 6, 8)
    kernel(x[:1], x[1:])[..., 0].sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in kernel.parameters())


def test_a_kernel_for_other_tokens_is_refused(tmp_path):
    file = save_kernel(ContextFormer(8, 2, hidden=8), tmp_path / "a.safetensors")
    with pytest.raises(ShapeError, match="2 tokens of 8 channels"):
        StaticContext(file=file)(film())
    with pytest.raises(WeightsError):
        StaticContext(file=str(tmp_path / "none"))(film())


def test_separators_that_would_make_tokens_more_are_refused():
    with pytest.raises(ShapeError, match="separators"):
        StaticContext(separators=True)(film(h=1, w=2))


@pytest.mark.parametrize("wrong", [{"group": 0}, {"context": 0}, {"scenes": 0}, {"keep": 2.0}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        StaticContext(**wrong)
