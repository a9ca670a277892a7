"""One picture of each kind of figure, at a loose tolerance: for what no other test thinks of.

`VTK_UPDATE_BASELINES=1 pytest tests/figures/test_baselines.py` draws them anew; look at them.
"""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vtk_notebooks.figures import Point, keep_map, timeline, tradeoff
from vtk_notebooks.moment import Moment

FOLDER = Path(__file__).with_name("baselines")
MOST_RMS = 6.0  # of 255: letters may move by a fraction of a pixel, bars and colours may not


@pytest.fixture
def figures(make_run, merged, selected):
    runs = [make_run(merged, name="merged halves"), make_run(selected, name="first cells")]
    grid = [(series, 2**i, q + i / 10) for series, q in (("a", 0.2), ("b", 0.1)) for i in range(4)]
    points = [Point(s, {"tokens": c, "iou": q}, error=0.02, baseline=s == "b") for s, c, q in grid]
    return {
        "keep_map": keep_map(runs, width_mm=100.0),
        "timeline": timeline(runs, [Moment(1.25, 3.0)], cuts_s=[2.0], width_mm=100.0),
        "tradeoff": tradeoff(points, y="iou"),
    }


@pytest.mark.parametrize("name", ["keep_map", "timeline", "tradeoff"])
def test_the_figure_looks_as_it_did(figures, name):
    path, out = FOLDER / f"{name}.png", io.BytesIO()
    figures[name].savefig(out, format="png", dpi=120, metadata={"Software": None})
    if os.environ.get("VTK_UPDATE_BASELINES"):
        path.write_bytes(out.getvalue())
    now, then = (np.asarray(Image.open(p).convert("RGB"), float) for p in (out, path))
    assert now.shape == then.shape
    assert np.sqrt(((now - then) ** 2).mean()) < MOST_RMS
