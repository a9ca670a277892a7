import numpy as np
import pytest
import torch
from matplotlib.collections import QuadMesh

from vtk_notebooks.blocks.grounding.batch import Grounding
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import candidate_map
from vtk_notebooks.heads import MomentMap, UniVTG
from vtk_notebooks.moment import Moment
from vtk_notebooks.training import planted

FILM = planted(0, frames=8, width=8)  # 4 s


@pytest.fixture
def out():
    """Four parts of a second each; the stretch of the second and third part scores highest."""
    table = torch.full((1, 4, 4), 0.25)
    table[0, 1, 2] = 0.75
    table[0, 3, 0] = 9.0  # no stretch: it would end before it starts
    return Grounding(torch.zeros(1, 10, 2), torch.zeros(1, 10), torch.zeros(1, 8), {"map": table})


def mesh(fig):
    (found,) = [c for c in fig.axes[0].collections if isinstance(c, QuadMesh)]
    return found


def test_a_stretch_lies_around_its_start_and_its_end_in_seconds(out):
    seen = mesh(candidate_map(out, FILM.tokens))
    corners = np.asarray(seen.get_coordinates())
    row, column = np.argwhere(np.asarray(seen.get_array()) == 0.75)[0]
    x, y = corners[row : row + 2, column : column + 2].mean((0, 1))
    assert (x, y) == (1.0, 3.0)


def test_below_the_diagonal_there_is_nothing(out):
    table = np.ma.getmaskarray(np.ma.asarray(mesh(candidate_map(out, FILM.tokens)).get_array()))
    assert (table == ~np.tril(np.ones((4, 4), bool))).all()


def test_true_and_said_moments_are_points_of_their_own_shape(out):
    fig = candidate_map(out, FILM.tokens, [Moment(1.0, 3.0)], [Moment(0.5, 2.0)])
    true, said = fig.axes[0].lines
    assert [float(np.asarray(line.get_xdata())[0]) for line in (true, said)] == [1.0, 0.5]
    assert [float(np.asarray(line.get_ydata())[0]) for line in (true, said)] == [3.0, 2.0]
    assert true.get_marker() != said.get_marker()
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["true moment", "answer"]
    assert not candidate_map(out, FILM.tokens).legends


def test_a_head_s_own_map_is_drawn_whole():
    head = MomentMap.new("made", 8, hidden=16)
    out = head.grounding(FILM.tokens, FILM.query)
    fig = candidate_map(out, FILM.tokens, FILM.moments)
    fig.draw_without_rendering()
    boxes = [ax.get_tightbbox() for ax in fig.axes]
    assert len(boxes) == 2  # and the bar that says what a shade means
    for box in boxes:
        assert box is not None
        assert box.x0 >= 0
        assert box.x1 <= fig.bbox.width
        assert fig.legends[0].get_window_extent().y1 <= box.y0


def test_a_head_without_a_map_is_refused():
    out = UniVTG.new("made", 8, hidden=16).grounding(FILM.tokens, FILM.query)
    with pytest.raises(VtkError, match="the map of one film"):
        candidate_map(out, FILM.tokens)
