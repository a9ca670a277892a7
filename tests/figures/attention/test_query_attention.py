import numpy as np
import pytest
import torch
from matplotlib.collections import PolyCollection, QuadMesh

from vtk_notebooks.blocks.grounding.batch import Grounding
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import query_attention
from vtk_notebooks.heads import SpanQueries, UniVTG
from vtk_notebooks.training import planted

FILM = planted(0, frames=8, width=8)  # 4 s


@pytest.fixture
def out():
    """Three queries: the second is the surest, and looks at the last frame alone."""
    look = torch.full((1, 3, 8), 1 / 8)
    look[0, 1] = torch.eye(8)[7]
    spans = torch.tensor([[[0.0, 0.25], [0.5, 1.0], [-0.2, 1.2]]])
    scores = torch.tensor([[0.25, 0.9, 0.0]])
    return Grounding(spans, scores, torch.zeros(1, 8), {"attention": look})


def mesh(fig):
    (found,) = [c for c in fig.axes[0].collections if isinstance(c, QuadMesh)]
    return found


def test_each_query_is_a_row_of_percent_the_surest_on_top(out):
    fig = query_attention(out, FILM.tokens)
    table = np.asarray(mesh(fig).get_array())
    assert table[0].tolist() == [0] * 7 + [100]
    assert table[1] == pytest.approx(np.full(8, 12.5))
    assert [t.get_text() for t in fig.axes[0].get_yticklabels()] == ["1", "0", "2"]
    assert [t.get_text() for t in fig.axes[0].texts] == ["0.90", "0.25", "0.00", "Score"]
    top, bottom = fig.axes[0].get_ylim()
    assert top > bottom  # rows count downwards


def test_what_each_query_proposes_lies_on_its_row_in_seconds_of_the_film(out):
    ax = query_attention(out, FILM.tokens).axes[0]
    bars = [c for c in ax.collections if isinstance(c, PolyCollection)]
    boxes = [b.get_paths()[0].get_extents() for b in bars]
    assert [(b.x0, b.x1) for b in boxes] == [(2.0, 4.0), (0.0, 1.0), (0.0, 4.0)]
    assert [(b.y0 + b.y1) / 2 for b in boxes] == pytest.approx([0, 1, 2])


def test_true_moments_run_through_all_rows_and_into_the_legend(out):
    def names(*truth):
        fig = query_attention(out, FILM.tokens, *truth)
        return [t.get_text() for t in fig.legends[0].get_texts()], fig.axes[0].lines

    assert names()[0] == ["attention", "proposed"]
    said, lines = names(FILM.moments)
    assert said == ["attention", "proposed", "true moment"]
    [moment] = FILM.moments
    assert [np.asarray(line.get_xdata())[0] for line in lines] == [moment.start_s, moment.end_s]


def test_most_draws_the_surest_ones(out):
    assert np.asarray(mesh(query_attention(out, FILM.tokens, most=1)).get_array()).shape == (1, 8)


def test_a_head_s_own_answer_is_drawn_whole():
    head = SpanQueries.new("made", 8, hidden=16)
    out = head.grounding(FILM.tokens, FILM.query)
    fig = query_attention(out, FILM.tokens, FILM.moments)
    assert np.asarray(mesh(fig).get_array()).sum(1) == pytest.approx(np.full(10, 100))
    fig.draw_without_rendering()
    box, foot = fig.axes[0].get_tightbbox(), fig.legends[0].get_window_extent()
    assert box is not None
    assert box.x0 >= 0
    assert box.x1 <= fig.bbox.width
    assert box.y1 <= fig.bbox.height
    assert foot.y1 <= box.y0


def test_a_head_without_queries_is_refused():
    out = UniVTG.new("made", 8, hidden=16).grounding(FILM.tokens, FILM.query)
    with pytest.raises(VtkError, match="attention of queries"):
        query_attention(out, FILM.tokens)


def test_another_film_s_answer_is_refused(out):
    with pytest.raises(VtkError, match="for 16 frames"):
        query_attention(out, planted(0, frames=16, width=8).tokens)
