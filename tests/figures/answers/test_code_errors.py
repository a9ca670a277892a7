import numpy as np
import pytest

from vtk_notebooks.comparison import error_curve, published_codes
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.figures import code_errors

LENGTHS_S = (10.0, 100.0, 1000.0, 10000.0)


@pytest.fixture(scope="module")
def curves():
    return {name: error_curve(c, LENGTHS_S, times=50) for name, c in published_codes().items()}


def test_every_code_is_a_line_of_its_own_and_named(curves):
    fig = code_errors(curves)
    lines = fig.axes[0].lines
    assert len(lines) == len(curves)
    assert len({(line.get_marker(), line.get_color()) for line in lines}) == len(curves)
    assert [t.get_text() for t in fig.legends[0].get_texts()] == list(curves)


@pytest.mark.parametrize("y", ["mean", "worst", "bound"])
def test_lines_go_through_what_was_measured(curves, y):
    for line, curve in zip(code_errors(curves, y=y).axes[0].lines, curves.values(), strict=True):
        x_s, y_s = np.asarray(line.get_data())
        assert tuple(x_s) == LENGTHS_S
        assert tuple(y_s) == getattr(curve, f"{y}_s")


def test_axes_have_units_and_count_in_powers_of_ten(curves):
    ax = code_errors(curves).axes[0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Length of the film (s)", "Mean error (s)")
    assert ax.get_xscale() == ax.get_yscale() == "log"


def test_nothing_is_cut_or_overlaps(curves, uncut):
    fig = code_errors(curves)
    uncut(fig)
    foot = fig.legends[0].get_window_extent()
    assert foot.y0 >= -1
    assert foot.x1 <= fig.bbox.width


def test_what_cannot_be_drawn_is_refused(curves):
    with pytest.raises(VtkError, match="at least one code"):
        code_errors({})
    with pytest.raises(UnknownNameError, match="Did you mean 'worst'"):
        code_errors(curves, y="worse")
