import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.kernels import save_kernel
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.encoders.pad_prompt import Border, PadPrompt, as_pixels, fit
from vtk_notebooks.errors import VtkError


def clip(t=2, height=20, width=30):
    frames = np.random.default_rng(0).integers(0, 256, (t, height, width, 3), dtype=np.uint8)
    return Clip(frames, np.arange(t) * 0.5, Origin("noise", t * 0.5))


def framed(side=16, width=4, value=0.25):
    border = Border(side, width)
    torch.nn.init.constant_(border.rows, value)
    torch.nn.init.constant_(border.columns, value)
    return border


@given(height=st.integers(1, 40), width=st.integers(1, 40))
def test_a_border_that_learned_nothing_leaves_every_byte_alone(height, width):
    film = clip(1, height, width)
    assert np.array_equal(PadPrompt().prompted(film).frames, film.frames)


def test_the_inside_of_a_frame_is_never_touched():
    canvas = framed().canvas()
    assert canvas.shape == (3, 16, 16)
    assert not canvas[:, 4:12, 4:12].any()
    assert int((canvas[0] == 0.25).sum()) == 16 * 16 - 8 * 8


def test_it_is_added_stretched_and_clipped_to_what_a_pixel_can_be():
    pixels = torch.full((1, 3, 32, 64), 0.9)
    out = framed()(pixels)
    assert out.max() == 1
    assert torch.equal(out[..., 8:24, 16:48], pixels[..., 8:24, 16:48])
    assert (out[..., :8, :] == 1).all()
    assert (out[..., :16] == 1).all()


def test_a_saved_border_is_on_the_frames_of_a_recipe(tmp_path):
    file = save_kernel(framed(), tmp_path / "border.safetensors")
    prompted = PadPrompt(file=file).prompted(clip(1, 32, 32)).frames.astype(int)
    added = prompted - clip(1, 32, 32).frames
    assert set(added[0, 8:24, 8:24].ravel()) == {0}
    assert added[0, :8].max() == 64  # a quarter of 255, rounded


def test_only_the_border_learns_and_the_loss_falls():
    film, border = as_pixels(clip(2, 16, 16).frames), Border(16, 4)
    encoder = torch.nn.Conv2d(3, 1, 5)
    torch.nn.init.normal_(encoder.weight, generator=torch.Generator().manual_seed(0))
    encoder.requires_grad_(False)
    before = encoder.weight.clone()
    losses = fit(border, film, lambda x: encoder(x).square().mean(), steps=8)
    assert losses[-1] < losses[0]
    assert border.rows.any()
    assert border.columns.any()
    assert torch.equal(encoder.weight, before)


def test_a_border_without_room_and_itself_as_encoder_are_refused():
    with pytest.raises(VtkError, match="half the side"):
        Border(16, 9)
    with pytest.raises(VtkError, match="another encoder"):
        PadPrompt("pad_prompt")


def test_it_reads_questions_where_the_encoder_behind_it_does():
    assert hasattr(PadPrompt("conse"), "read")
    assert not hasattr(PadPrompt("dinov2"), "read")


@pytest.mark.weights
def test_tokens_are_those_of_the_encoder_behind_it():
    from vtk_notebooks.encoders import ConSE

    film = clip(1, 224, 224)
    plain, prompted = ConSE()(film), PadPrompt("conse")(film)
    assert PadPrompt("conse").space == "conse"
    assert torch.equal(plain.x, prompted.x)
    assert "border" in PadPrompt("conse").weights()
