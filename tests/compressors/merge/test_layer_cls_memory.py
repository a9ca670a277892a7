from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import LayerClsMemory, RandomTokens, SegmentMerge
from vtk_notebooks.errors import ShapeError, VtkError

CLASSES = "dinov2_classes"


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def film(t=6, h=2, w=3, d=4, layers=5, words=0, seed=0):
    """Patches with the class tokens of their frame's layers beside them; and words, if any."""
    times_s = torch.arange(t) / 2
    tokens = Tokens.from_grid(noise(t, h, w, d, seed=seed), times_s, space="dinov2")
    classes = noise(t, 1, 1, layers * d, seed=seed + 1)
    tokens = tokens.beside(Tokens.from_grid(classes, times_s, space=CLASSES))
    if not words:
        return tokens
    return tokens.beside(Tokens.from_grid(noise(t, h, w, words), times_s, space="conse"))


def layers_of(t=6, d=4, layers=5, seed=0):
    """What the memory should be: each layer's class token, averaged over all frames."""
    return noise(t, 1, 1, layers * d, seed=seed + 1).mean(0).view(layers, d)


def test_a_memory_token_is_a_layer_averaged_over_all_frames():  # the paper's claim, in one line
    torch.testing.assert_close(LayerClsMemory()(film()).x, layers_of())


def test_300_tokens_and_5_are_305():
    local = SegmentMerge(heads=1, metric="dinov2")(film(100, 16, 16, 2))
    out = LayerClsMemory(local=True)(local)
    assert (len(local), len(out)) == (300, 305)
    torch.testing.assert_close(out.x[:5], layers_of(100, 2), atol=1e-5, rtol=1e-4)
    assert torch.equal(out.x[5:], local.part("dinov2"))


@settings(max_examples=30)
@given(keep=st.floats(0.02, 1), seed=st.integers(0, 99))
def test_merging_before_it_changes_nothing(keep, seed):
    tokens = film(seed=seed)
    merged = SegmentMerge(3, heads=1, metric="dinov2").at(keep)(tokens)
    torch.testing.assert_close(
        LayerClsMemory()(merged).x, layers_of(seed=seed), atol=1e-5, rtol=1e-5
    )


def test_the_last_layers_are_kept_earlier_ones_first():
    torch.testing.assert_close(LayerClsMemory(2)(film()).x, layers_of()[-2:])
    assert len(LayerClsMemory(9)(film())) == 5


def test_class_channels_leave_and_others_are_the_films_mean():
    out = LayerClsMemory(local=True)(film(words=3))
    assert [s.name for s in out.spaces] == ["dinov2", "conse"]
    assert out.x.shape == (5 + 36, 7)
    words = noise(6, 2, 3, 3).mean((0, 1, 2))
    torch.testing.assert_close(out.part("conse")[:5], words.expand(5, -1))


def test_it_could_have_been_influenced_by_any_cell_and_says_no_more():
    out = LayerClsMemory()(film())
    assert out.kind == "receptive"
    assert out.mass().tolist() == [36] * 5
    dropped = RandomTokens(0.5)(film())
    assert LayerClsMemory()(dropped).mass().tolist() == [18] * 5


def test_tokens_without_classes_are_remembered_by_their_mean():
    tokens = Tokens.from_grid(noise(6, 2, 3, 4), torch.arange(6) / 2)
    out = LayerClsMemory()(tokens)
    torch.testing.assert_close(out.x, tokens.x.mean(0, keepdim=True))
    assert out.kind == "mean"


def test_classes_of_another_width_than_the_patches_are_refused():
    with pytest.raises(ShapeError, match="class tokens of 4 channels"):
        LayerClsMemory()(_with_classes(7))


def test_classes_alone_are_refused():
    alone = replace(film(), x=film().x[:, 4:], spaces=film().spaces[1:])
    with pytest.raises(ShapeError, match="another encoder"):
        LayerClsMemory()(alone)


def test_a_memory_of_nothing_is_refused():
    with pytest.raises(VtkError, match="1 layer or more"):
        LayerClsMemory(0)


def _with_classes(width):
    times_s = torch.arange(6) / 2
    tokens = Tokens.from_grid(noise(6, 2, 3, 4), times_s, space="dinov2")
    return tokens.beside(Tokens.from_grid(noise(6, 1, 1, width), times_s, space=CLASSES))
