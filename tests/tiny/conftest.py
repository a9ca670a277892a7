"""An untrained vtk-tiny: what must hold before anything was learnt."""

from typing import Any

import pytest

from vtk_notebooks.models.adapters import Record
from vtk_notebooks.models.adapters.qwen3_vl import Qwen3VL
from vtk_notebooks.tiny.build import SETTINGS, build
from vtk_notebooks.tiny.prompts import Prompter


@pytest.fixture(scope="session")
def untrained() -> tuple[Any, Prompter]:
    """Model and prompter."""
    model, words = build()
    record = Record("vtk-tiny", "", "qwen3_vl", "float32", "cpu", "sdpa", 0)
    return model, Prompter(Qwen3VL(model.eval(), SETTINGS, words, record))
