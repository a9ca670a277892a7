import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from vtk_notebooks.blocks.kernels import (
    drawn,
    frozen,
    load_fitting,
    load_kernel,
    loudness,
    precise,
    save_kernel,
)
from vtk_notebooks.errors import ShapeError, WeightsError


class Small(nn.Module):
    """A kernel with a parameter, a buffer and a size."""

    def __init__(self, width: int, bias: bool = True) -> None:
        super().__init__()
        self.config = {"width": width, "bias": bias}
        self.layer = nn.Linear(width, width, bias=bias)
        self.register_buffer("table", torch.arange(width) / 2)

    def forward(self, x):
        return self.layer(x) + self.table


def test_equal_seeds_draw_equal_weights_and_leave_the_global_generator_alone():
    state = torch.random.get_rng_state()
    a, b, c = (drawn(lambda: Small(3), seed).layer.weight for seed in (0, 0, 1))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_kernel_comes_back_as_it_was_with_its_sizes(tmp_path):
    made = drawn(lambda: Small(3, bias=False), 5)
    back = load_kernel(Small, save_kernel(made, tmp_path / "small.safetensors"))
    assert back.config == {"width": 3, "bias": False}
    assert torch.equal(back(torch.ones(3)), made(torch.ones(3)))
    assert not back.training
    assert [p.name for p in tmp_path.iterdir()] == ["small.safetensors"]


def test_a_kernel_for_features_of_another_width_is_refused_in_the_name_of_who_asked(tmp_path):
    file = save_kernel(Small(3), tmp_path / "small.safetensors")
    assert load_fitting(Small, file, 3, "Asker").config["width"] == 3
    with pytest.raises(ShapeError, match=r"Asker expects 3 channels, as .*small\.safetensors"):
        load_fitting(Small, file, 4, "Asker")


def test_a_loaded_kernel_can_be_trained_on(tmp_path):
    back = load_kernel(Small, save_kernel(Small(3), tmp_path / "small.safetensors"))
    back(torch.ones(3)).sum().backward()
    assert back.layer.weight.grad is not None


@pytest.mark.parametrize(
    ("dtype", "exact"),
    [(torch.bfloat16, torch.float32), (torch.float64, torch.float64), (torch.float32,) * 2],
)
def test_a_frozen_kernel_answers_in_32_bits_or_more_and_lets_gradients_through(dtype, exact):
    x = torch.ones(3, dtype=dtype, requires_grad=True)
    kernel = frozen(Small(3), x)
    assert not any(p.requires_grad for p in kernel.parameters())
    out = kernel(precise(x))
    assert out.dtype == exact
    out.sum().backward()
    assert x.grad is not None


@pytest.mark.parametrize("content", [None, b"", b"no weights at all"])
def test_what_is_no_kernel_is_refused(content, tmp_path):
    file = tmp_path / "small.safetensors"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(WeightsError, match="a trained Small"):
        load_kernel(Small, file)


def test_the_kernel_of_another_mechanism_is_refused(tmp_path):
    class Other(nn.Module):
        def __init__(self, width: int, bias: bool) -> None:
            super().__init__()
            self.layer = nn.Linear(width, 2 * width, bias=bias)

    with pytest.raises(WeightsError, match="a trained Other"):
        load_kernel(Other, save_kernel(Small(3), tmp_path / "small.safetensors"))


def test_a_failed_write_leaves_the_old_file(tmp_path):
    file = tmp_path / "small.safetensors"
    save_kernel(Small(3), file)
    before = file.read_bytes()
    bad = Small(3)
    bad.config = {"width": object()}
    with pytest.raises(TypeError):
        save_kernel(bad, file)
    assert file.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@given(quiet=st.floats(0.001, 1), loud=st.floats(1, 1000))
def test_loudness_is_of_each_run_of_channels_alone(quiet, loud):
    x = torch.cat([torch.full((2, 4), quiet), torch.full((2, 3), -loud)], 1)
    expected = torch.cat([torch.full((2, 4), quiet), torch.full((2, 3), loud)], 1)
    torch.testing.assert_close(loudness(x, (4, 3)), expected)


def test_a_silent_token_has_a_finite_slope():
    x = torch.zeros(1, 4, requires_grad=True)
    loudness(x, (4,)).sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()
