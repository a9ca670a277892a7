"""V-STaR's overlaps and joint means, as its released script computes them."""

import numpy as np
import pytest

from vtk_notebooks.metrics.questions.v_star import Chained, VStar, am, lgm


@pytest.fixture
def case(oracle):
    return oracle("reference_values/vstar.json")


def test_boxes_overlap_as_in_the_authors_script(case):
    edges = ("xmin", "ymin", "xmax", "ymax")
    boxes = {str(b["timestamp"]): [b[e] for e in edges] for b in case["spatial"]["gt"]}
    numbers = VStar()([Chained((0.0, 1.0), boxes, where=(case["spatial"]["pred"], {}))])
    aps, miou = case["spatial"]["aps_miou"]
    assert [numbers[f"chain 1 AP@{m}"] for m in (0.1, 0.3, 0.5, 0.7, 0.9)] == aps
    assert numbers["chain 1 m_vIoU"] == pytest.approx(miou, abs=1e-12)
    assert numbers["chain 2 m_vIoU"] == 0


def test_means_are_joined_as_in_the_authors_script(case):
    means = np.array(case["args"])[:, None]
    assert am(means) == pytest.approx(case["AM"], abs=1e-12)
    assert lgm(means) == pytest.approx(case["LGM"], abs=1e-12)
