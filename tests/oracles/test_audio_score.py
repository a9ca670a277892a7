"""FAVD's curve, as its authors' code gives it for scores from 0 to 100."""

import numpy as np
import pytest

from vtk_notebooks.metrics.captions.audio_score import gompertz


def test_the_curve_is_the_published_one(oracle):
    table = oracle("reference_values/mechanism_vectors_expected.json")["favd_scale"]
    scores = np.array([float(score) for score in table])
    curve = 100 * gompertz(2 * (scores / 100 - 0.5))
    assert curve == pytest.approx(list(table.values()), rel=1e-9)
    assert dict(zip(table, curve, strict=True))["50"] == pytest.approx(49.99998, abs=1e-5)
