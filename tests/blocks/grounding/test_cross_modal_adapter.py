import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import pad

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.cross_modal_adapter import CrossModalAdapter
from vtk_notebooks.blocks.kernels import drawn


def adapter(start=0.5, patch=2, **more):
    return drawn(lambda: CrossModalAdapter(8, 8, patch, heads=2, start=start, **more), 0)


def clip(t=3, h=4, w=4, words=3, seed=0):
    draw = generator(seed)
    video, text = (
        torch.randn(1, t, h, w, 8, generator=draw),
        torch.randn(1, words, 8, generator=draw),
    )
    return video, torch.ones(1, t, h, w).bool(), text, torch.ones(1, words).bool()


def heard(out, asked):
    """Which cells or words `out` hears from: by the size of its gradient."""
    (by,) = torch.autograd.grad(out.square().sum(), asked, retain_graph=True)
    return by[0].abs().sum(-1) > 0


def test_it_starts_as_an_identity():
    video, seen, text, said = clip()
    out, words = adapter(start=0.0)(video, seen, text, said)
    assert torch.equal(out, video)
    assert torch.equal(words, text)


def test_a_cell_attends_to_its_patch_in_all_frames_and_to_no_other():
    video, seen, _, _ = clip()
    video.requires_grad_()
    out = adapter().through_time(video, seen)[0, 1, 0, 3]
    expected = torch.zeros(3, 4, 4).bool()
    expected[:, :2, 2:] = True
    assert torch.equal(heard(out, video), expected)


def test_cells_hear_words_and_words_hear_every_frame():
    video, seen, text, said = clip()
    video.requires_grad_()
    text.requires_grad_()
    out, words = adapter()(video, seen, text, said)
    assert heard(out[0, 2, 3, 3], text).all()
    assert heard(words[0, 0], video).all()


def test_where_nothing_is_said_or_shown_the_other_side_is_only_biased():
    video, seen, text, said = clip()
    made = adapter()
    out, _ = made(video, seen, text, said & False)
    torch.testing.assert_close(out, video)
    _, words = made(video, seen & False, text, said)
    torch.testing.assert_close(words, text)


@settings(max_examples=15)
@given(st.integers(1, 3), st.integers(0, 2), st.integers(0, 3), st.integers(0, 99))
def test_padded_frames_cells_and_words_change_nothing(patch, frames, cells, seed):
    video, seen, text, said = clip(h=3, w=5, seed=seed)
    made = adapter(patch=patch)
    plain, told = made(video, seen, text, said)
    wide, there = (
        pad(video, (0, 0, 0, cells, 0, 0, 0, frames), value=7.0),
        pad(seen, (0, cells, 0, 0, 0, frames)),
    )
    out, words = made(wide, there, pad(text, (0, 0, 0, 2), value=-7.0), pad(said, (0, 2)))
    torch.testing.assert_close(out[:, :3, :, :5], plain, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(words[:, :3], told, atol=1e-5, rtol=1e-5)


def test_its_clips_have_a_longest_length():
    with pytest.raises(RuntimeError):
        adapter(frames=2)(*clip(t=3))
