import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import loss_curve
from vtk_notebooks.figures.numbers.loss_curve import HELD_OUT, averaged
from vtk_notebooks.heads import UniVTG
from vtk_notebooks.training import planted, train_head

FILMS = [planted(seed, frames=8, width=8) for seed in range(12)]


@pytest.fixture(scope="module")
def trained():
    head = UniVTG.new("made", 8, hidden=16)
    return train_head(head, FILMS[:8], 12, batch=4, held_out=FILMS[8:])


def test_every_term_is_a_line_of_its_own_and_held_out_films_are_dots(trained):
    fig = loss_curve(trained)
    lines = fig.axes[0].lines
    assert len(lines) == 5 + 1
    assert len({(line.get_marker(), line.get_color()) for line in lines}) == len(lines)
    assert [t.get_text() for t in fig.legends[0].get_texts()] == [*trained.weights, HELD_OUT]
    x, y = np.asarray(fig.axes[0].lines[-1].get_data())
    assert dict(zip(x, y, strict=True)) == trained.held_out


def test_a_line_is_the_term_as_it_counts(trained):
    lines = loss_curve(trained, runs=12).axes[0].lines
    for line, name in zip(lines, trained.weights, strict=False):
        x, y = np.asarray(line.get_data())
        assert x.tolist() == list(range(1, 13))
        np.testing.assert_allclose(y, trained.weights[name] * np.array(trained.curve[name]))


@given(value=st.lists(st.floats(0, 9), min_size=1, max_size=50), runs=st.integers(1, 60))
def test_runs_keep_the_mean_of_all_steps(value, runs):
    step, mean = averaged(value, runs)
    parts = np.array_split(np.array(value), min(runs, len(value)))
    weight = np.array([len(part) for part in parts])
    assert (mean * weight).sum() / len(value) == pytest.approx(np.mean(value), abs=1e-9)
    assert ((step >= 1) & (step <= len(value))).all()
    assert (np.diff(step) > 0).all()


def test_nothing_is_cut(trained, uncut):
    fig = loss_curve(trained)
    uncut(fig)


def test_no_runs_are_refused(trained):
    with pytest.raises(VtkError, match="1 run or more"):
        loss_curve(trained, runs=0)
