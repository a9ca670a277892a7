"""The table of adapters: every entry loads, and every architecture is tried."""

import pytest

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.adapters import ADAPTERS, Adapter, adapter_for

from . import _tiny, test_language, test_towers

ALONE = {"bert", "clip", "siglip", "tvp", "xclip"}
"""Architectures with a test file of their own."""
SAME = {"dinov2_with_registers": "dinov2", "qwen2": "llama"}
"""Architectures that another one's test stands for: same file, same code."""


@pytest.mark.parametrize("model_type", ADAPTERS)
def test_an_entry_is_an_adapter_that_serves_it(model_type):
    adapter = adapter_for(model_type)
    assert issubclass(adapter, Adapter)
    assert model_type in adapter.model_types


def test_every_architecture_is_tried():
    by_hand = {"instructblip_video": "instructblipvideo"}
    tried = {by_hand.get(n, n) for n in (*test_language.MAKE, *test_towers.MAKE)}
    assert set(ADAPTERS) == tried | ALONE | set(SAME) | {"llama"}
    assert all(hasattr(_tiny, name) for name in ALONE)


def test_an_architecture_without_an_adapter_is_named():
    with pytest.raises(WeightsError, match=r"'flamingo'. Known: bert, clip"):
        adapter_for("flamingo")
