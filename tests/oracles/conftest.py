"""Where the oracles lie: real inputs with the outputs of the authors' own code."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

HOME = Path(os.environ.get("VTK_ORACLES") or Path(__file__).parents[3] / "shared/oracles")


@pytest.fixture
def oracle():
    """Reads one file of the oracles; the test is skipped where they are not."""

    def read(path: str):
        file = HOME / path
        if not file.is_file():
            pytest.skip(f"no oracle {path} (set VTK_ORACLES to their folder)")
        if file.suffix == ".json":
            return json.loads(file.read_text())
        if file.suffix == ".wav":
            return file.read_bytes()
        return dict(np.load(file)) if file.suffix == ".npz" else file.read_text()

    return read
