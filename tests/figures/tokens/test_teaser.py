import numpy as np
from matplotlib.collections import LineCollection

from vtk_notebooks.figures import teaser
from vtk_notebooks.moment import Moment

TRUTH = [Moment(1.0, 2.0)]


def texts(fig):
    return [t.get_text() for t in fig.texts]


def test_the_question_and_what_is_left_stand_on_top(make_run, merged, whole):
    fig = teaser(make_run(merged, text="a $hat$\nhere"), TRUTH)
    assert "“a $hat$ here”" in texts(fig)
    assert "16 of 64 tokens" in texts(fig)
    assert "25%" in texts(fig)
    whole(fig)


def test_tokens_are_painted_over_the_frames_of_the_strip_above(make_run, merged, selected):
    fig = teaser(make_run(merged), frames=4)
    film, tokens = fig.axes[:4], fig.axes[4:8]
    for bare, painted in zip(film, tokens, strict=True):
        assert bare.get_position().x0 == painted.get_position().x0
        assert bare.get_position().y0 > painted.get_position().y0
        a, b = (np.asarray(ax.images[0].get_array(), float) for ax in (bare, painted))
        assert a.shape == b.shape
        assert abs(a - b).max() > 20
    assert any(isinstance(c, LineCollection) for c in tokens[0].collections)


def test_curve_and_bars_share_the_seconds_of_the_film(make_run, merged):
    run = make_run(merged)
    fig = teaser(run, TRUTH, frames=2)
    curve, truth, said = fig.axes[4:]
    assert all(ax.get_xlim() == (0, run.clip.duration_s) for ax in (curve, truth, said))
    assert truth.get_yticklabels()[0].get_text() == "Truth"
    (bar,) = said.collections  # the best moment and no other
    ends = bar.get_paths()[0].get_extents()
    assert (ends.x0, ends.x1) == (run.moments[0].start_s, run.moments[0].end_s)


def test_without_truth_or_moments_there_is_no_row_nor_legend_of_them(make_run, merged):
    fig = teaser(make_run(merged, moments=()), frames=2)
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["how well a frame answers"]


def test_it_fits_a_column_and_a_page(make_run, merged, whole):
    for width_mm in (77.0, 181.8):
        whole(teaser(make_run(merged), TRUTH, width_mm=width_mm))
