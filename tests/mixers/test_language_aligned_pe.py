import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens, build
from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.errors import ShapeError, WeightsError
from vtk_notebooks.mixers.language_aligned_pe import (
    AXES,
    CoordinateWords,
    between,
    nearness,
    propagated,
    word_at,
)


def film(t=4, h=3, w=5, d=8, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def words(d=8, k=100):
    return drawn(lambda: CoordinateWords(d, k), 0)


def test_of_100_frames_each_is_told_its_own_word():  # the paper's sizes
    kernel = words()
    torch.testing.assert_close(kernel.along("temporal", 100), kernel.vectors("temporal"))


def test_a_word_is_the_mean_of_how_it_is_read_and_how_it_is_written():
    kernel = words()
    for axis in AXES:
        read, written = (getattr(kernel, f"{axis}_{s}_embeddings") for s in ("input", "output"))
        torch.testing.assert_close(kernel.vectors(axis), (read.weight + written.weight) / 2)


def test_a_cell_is_told_its_frame_its_row_and_its_column():
    kernel, x = words(), film().on_grid("test")[None]
    told = kernel(x) - x
    for t, h, w in [(0, 0, 0), (3, 1, 4)]:
        expected = sum(
            kernel.along(axis, n)[i] for axis, n, i in zip(AXES, (4, 3, 5), (t, h, w), strict=True)
        )
        torch.testing.assert_close(told[0, t, h, w], expected)


def test_an_image_is_told_the_first_word_for_time():  # as in the released code
    kernel, x = words(), film(t=1).on_grid("test")[None]
    high, wide = (kernel.along(axis, n) for axis, n in zip(AXES[1:], (3, 5), strict=True))
    told = kernel.vectors("temporal")[0] + high[:, None] + wide
    torch.testing.assert_close((kernel(x) - x)[0, 0], told)


def test_value_is_the_weight_and_the_gradient_reaches_the_neighbours():
    weight = torch.randn(6, 3, generator=torch.Generator().manual_seed(0)).requires_grad_()
    value = propagated(weight, nearness(6))
    torch.testing.assert_close(value, weight)
    felt = torch.zeros(6, 3)
    felt[2, 0] = 1.0
    (slope,) = torch.autograd.grad(value, weight, felt)
    assert slope[:, 0].tolist() == [0.25, 0.5, 2.0, 0.5, 0.25, 0.125]


@given(k=st.integers(0, 99))
def test_a_place_on_a_word_is_that_word(k):
    vectors = torch.eye(100)
    torch.testing.assert_close(word_at(k / 99, vectors), vectors[k], atol=1e-5, rtol=0)


@given(position=st.floats(-2, 3))
def test_a_place_lies_between_two_words_next_to_one_another(position):
    low, high, ratio = between(position, 100)
    assert 0 <= low <= high <= min(low + 1, 99)
    assert 0 <= ratio < 1
    clamped = min(max(position, 0.0), 1.0)
    assert (low + ratio) / 99 == pytest.approx(clamped)


def test_without_a_file_it_adds_nothing():
    tokens = film()
    assert torch.equal(build("mixer", "language_aligned_pe")(tokens).x, tokens.x)


def test_a_trained_kernel_is_added_and_the_tie_to_the_cells_stays(tmp_path):
    tokens, kernel = film(), words()
    file = save_kernel(kernel, tmp_path / "words.safetensors")
    out = build("mixer", "language_aligned_pe", file=file)(tokens)
    torch.testing.assert_close(out.x, kernel(tokens.on_grid("test")[None])[0].flatten(0, 2))
    assert torch.equal(out.edges, tokens.edges)
    assert out.kind == "receptive"


def test_no_token_hears_of_any_other(tmp_path):
    tokens, other = film(), film()
    other.x[30:] += 1.0
    file = save_kernel(words(), tmp_path / "words.safetensors")
    mixer = build("mixer", "language_aligned_pe", file=file)
    assert mixer.causal
    assert torch.equal(mixer(tokens).x[:30], mixer(other).x[:30])


def test_words_of_another_width_are_refused(tmp_path):
    file = save_kernel(words(d=6), tmp_path / "words.safetensors")
    with pytest.raises(ShapeError, match="6 channels"):
        build("mixer", "language_aligned_pe", file=file)(film())
    with pytest.raises(WeightsError):
        build("mixer", "language_aligned_pe", file=str(tmp_path / "none"))(film())


def test_merged_tokens_have_no_places(tmp_path):
    file = save_kernel(words(), tmp_path / "words.safetensors")
    merged = build("compressor", "bipartite_merge", keep=0.5)(film())
    with pytest.raises(ShapeError, match="first"):
        build("mixer", "language_aligned_pe", file=file)(merged)
