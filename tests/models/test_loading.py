import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
import torch

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models import dinov2, efficientnet, minilm, unload
from vtk_notebooks.models.device import device_of
from vtk_notebooks.models.loading import once

LOADERS = {
    "dinov2": lambda: dinov2.backbone("cpu"),
    "efficientnet": lambda: efficientnet.network("cpu"),
    "minilm": minilm.network,
}


class Model:
    """Something heavy."""


def test_a_model_is_loaded_once_for_each_of_its_settings():
    @once
    def load(device):
        return Model()

    assert load("cpu") is load("cpu")
    assert load("cpu") is not load("cuda")


def test_threads_that_ask_at_once_share_one_model():
    @once
    def load():
        sleep(0.05)
        return Model()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: load(), range(4)))) == 1


def test_a_load_that_failed_is_tried_again():
    tries = []

    @once
    def load():
        tries.append(1)
        if len(tries) == 1:
            raise KeyboardInterrupt
        return Model()

    with pytest.raises(KeyboardInterrupt):
        load()
    assert load() is load()


@pytest.mark.weights
@pytest.mark.parametrize("name", LOADERS)
def test_unloading_gives_the_model_back(name):
    model = weakref.ref(LOADERS[name]())
    assert model() is LOADERS[name]()
    unload()
    assert model() is None


@pytest.mark.weights
@pytest.mark.parametrize("name", LOADERS)
def test_a_loaded_model_only_reads_and_leaves_the_dice_alone(name):
    unload()
    torch.manual_seed(7)
    before = torch.get_rng_state()
    model = LOADERS[name]()
    assert torch.equal(torch.get_rng_state(), before)
    assert not model.training
    assert not any(p.requires_grad or p.is_meta for p in model.parameters())
    assert not any(b.is_meta for b in model.buffers())


def test_auto_is_a_device_of_this_machine():
    assert device_of("auto") == ("cuda" if torch.cuda.is_available() else "cpu")
    assert device_of("cpu") == "cpu"


def test_a_device_that_is_no_device_is_refused():
    with pytest.raises(WeightsError, match="'abacus'"):
        device_of("abacus")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(WeightsError, match='Say "cpu"'):
        device_of("cuda:1")


@pytest.mark.parametrize(
    ("module", "load"),
    [
        ("efficientnet_lite_pytorch", lambda: efficientnet.network("cpu")),
        ("onnx", lambda: dinov2.convert(Path("any.onnx"))),
    ],
)
def test_code_that_is_not_installed_says_what_to_install(monkeypatch, module, load):
    unload()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WeightsError, match=r"pip install 'vtk-notebooks\[offline\]'"):
        load()
