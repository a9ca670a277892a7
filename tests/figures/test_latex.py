import shutil
from typing import Any

import pytest
from matplotlib.text import Text

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import read_provenance, remake, save, timelines
from vtk_notebooks.figures.latex import PROGRAMS, escaped, set_in_latex
from vtk_notebooks.moment import Moment

TRUTH = [Moment(1.0, 2.0)]


def drawing():
    return timelines({"50 % of $x$ & \\input{a_b}": TRUTH}, TRUTH, 5.0)


@pytest.fixture
def installed(monkeypatch):
    """As if it were; nothing is drawn with it."""
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")


@pytest.mark.parametrize("missing", PROGRAMS)
def test_without_latex_the_error_says_what_to_install(monkeypatch, tmp_path, missing):
    monkeypatch.setattr(shutil, "which", lambda name: None if name == missing else name)
    with pytest.raises(VtkError, match=rf"no {missing}\. Install it"):
        save(drawing(), tmp_path / "a.pdf", usetex=True)
    assert not (tmp_path / "a.pdf").exists()


def test_nothing_needs_latex_otherwise(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "usetex" not in read_provenance(save(drawing(), tmp_path / "a.pdf"))


def test_every_text_is_escaped_once_and_set_by_latex(installed):
    fig = drawing()
    set_in_latex(fig)
    set_in_latex(fig)
    texts: list[Any] = [t for t in fig.findobj(Text) if t.get_text()]
    assert all(t.get_usetex() for t in texts)
    name = r"50 \% of \$x\$ \& \textbackslash{}in…"
    axis: Any = next(ax for ax in fig.axes if ax.get_xlabel() == "Time (s)").yaxis
    assert axis.get_major_formatter()(1.5, 1).startswith(name[:20])
    assert escaped("a_b\n\N{MINUS SIGN}1") == "a\\_b\n$-$1"


@pytest.mark.skipif(not all(map(shutil.which, PROGRAMS)), reason="LaTeX is not installed")
def test_a_figure_set_by_latex_comes_back_byte_for_byte(tmp_path):
    path = save(drawing(), tmp_path / "a.pdf", usetex=True)
    assert read_provenance(path)["usetex"] is True
    assert remake(path, tmp_path / "b.pdf").same
