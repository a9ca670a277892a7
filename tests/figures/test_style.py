import colorsys
import sys
from typing import Any

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.figures import VENUES, figure, palette, panel, paper_style
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.figures.style import venue


@given(width_mm=st.floats(10, 300), height_mm=st.floats(5, 300))
@settings(deadline=None)
def test_a_figure_has_exactly_the_size_that_was_asked_for(width_mm, height_mm):
    fig = figure(width_mm, height_mm)
    assert fig.width_mm == pytest.approx(width_mm, abs=1e-9)
    assert fig.height_mm == pytest.approx(height_mm, abs=1e-9)


@pytest.mark.parametrize("size", [(3.25, 2.0), (80.0, 0.5), (82550.0, 50.0), (float("nan"), 10.0)])
def test_inches_metres_and_nonsense_are_not_taken_for_millimetres(size):
    with pytest.raises(VtkError, match="millimetres"):
        figure(*size)


def test_axes_stand_where_millimetres_from_the_upper_left_say():
    fig = figure(100.0, 50.0)
    ax = panel(fig, 10.0, 5.0, 40.0, 20.0)
    assert ax.get_position().bounds == pytest.approx((0.1, 0.5, 0.4, 0.4))


def test_venues_never_exceed_what_their_templates_leave():
    template_in = {"cvpr": (3.28125, 6.875), "neurips": (5.5, 5.5), "icml": (3.25, 6.75)}
    template_in |= {"acmmm": (241.14749 / 72.27, 506.295 / 72.27), "ieee": (3.5, 7.16)}
    template_in |= {"aaai": (3.3125, 7.0), "ijcv": (84 / 25.4, 174 / 25.4)}
    for name, widths in template_in.items():
        for ours_mm, inches in zip(VENUES[name], widths, strict=True):
            assert inches * 25.4 - 0.11 < ours_mm <= inches * 25.4 + 1e-9


def test_a_misspelt_venue_is_answered_with_the_nearest():
    assert venue("CVPR").column_mm == 83.3
    with pytest.raises(UnknownNameError, match="neurips"):
        venue("neurps")


def test_global_settings_are_the_same_before_and_after(make_run, merged, tmp_path):
    from vtk_notebooks.figures import keep_map, save, timeline, tradeoff

    with matplotlib.rc_context({"font.size": 31, "pdf.fonttype": 3, "axes.grid": True}):
        before = dict(matplotlib.rcParams)
        for draw in (keep_map, timeline, lambda run: tradeoff([run])):
            fig = draw(make_run(merged))
            fig._repr_png_()
            save(fig, tmp_path / "a.pdf")
        assert dict(matplotlib.rcParams) == before


def test_what_the_notebook_has_set_does_not_reach_our_figures(make_run, merged, tmp_path):
    from vtk_notebooks.figures import timeline

    ours = timeline(make_run(merged))._repr_png_()[0]
    loud: Any = {
        "font.size": 30,
        "axes.facecolor": "red",
        "text.color": "blue",
        "xtick.labelsize": 20,
    }
    loud |= {"savefig.bbox": "tight", "pdf.fonttype": 3}
    with matplotlib.rc_context(loud):
        fig = timeline(make_run(merged))
        assert fig._repr_png_()[0] == ours
        fig.savefig(tmp_path / "plain.pdf")  # also without `save`
    assert b"/Type3" not in (tmp_path / "plain.pdf").read_bytes()


def test_the_style_holds_when_somebody_else_draws(make_run, merged):
    from vtk_notebooks.figures import timeline

    def pixels():  # as the inline backend of a notebook does: through the canvas
        canvas: Any = timeline(make_run(merged)).canvas
        canvas.draw()
        return np.asarray(canvas.buffer_rgba()).copy()

    ours = pixels()
    with matplotlib.rc_context({"xtick.labelsize": 20, "xtick.color": "red"}):
        assert np.array_equal(pixels(), ours)


def test_figures_never_go_through_pyplot(make_run, merged):
    from vtk_notebooks.figures import keep_map

    keep_map(make_run(merged))
    if "matplotlib.pyplot" in sys.modules:  # another test may have asked for it
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_a_notebook_shows_a_figure_once_as_a_png_at_its_size(make_run, merged):
    formatters = pytest.importorskip("IPython.core.formatters")
    from vtk_notebooks.figures import timeline

    data, metadata = formatters.DisplayFormatter().format(timeline(make_run(merged), width_mm=84.0))
    assert [k for k in data if k.startswith("image")] == ["image/png"]
    width, height = np.frombuffer(data["image/png"][16:24], ">u4")
    assert width / 2 == pytest.approx(84 / 25.4 * 120, abs=1)
    assert metadata["image/png"]["width"] == pytest.approx(width / 2, abs=1)
    assert metadata["image/png"]["height"] == pytest.approx(height / 2, abs=1)


def test_named_colours_are_those_of_okabe_and_ito():
    assert palette.TRUTH == "#009E73"
    assert palette.PREDICTION == "#D55E00"
    assert palette.SALIENCY == "#0072B2"
    assert palette.BASELINE == "#999999"


@given(token=st.integers(0, 100_000))
@settings(deadline=None)
def test_a_token_has_the_colour_that_the_widget_gives_it(token):
    hue = (token * 137.508) % 360
    css = colorsys.hls_to_rgb(hue / 360, 0.55, 0.65)
    assert palette.token_colours(np.array([token]))[0] == pytest.approx(css, abs=1e-6)


def test_series_differ_without_colour_and_stay_clear_of_named_colours():
    looks = [palette.look(i) for i in range(8)]
    assert len({(a.marker, str(a.dashes)) for a in looks}) == 8
    named = {palette.TRUTH, palette.PREDICTION, palette.SALIENCY, palette.BASELINE}
    assert not named & {a.colour for a in looks}


def test_a_paler_colour_is_solid():
    assert palette.paler("#000000", 0.25) == (0.75, 0.75, 0.75)


@given(text=st.text(), most=st.integers(1, 30))
@settings(deadline=None)
def test_strange_text_becomes_one_drawable_line(text, most):
    fig = figure(30.0, 10.0)
    with paper_style():
        fig.text(0, 0, plain(text, most))
    fig.draw_without_rendering()  # a missing letter or bad mathematics would raise
    assert len(plain(text, most)) <= most
    assert "\n" not in plain(text, most)


def test_dollar_signs_are_dollar_signs():
    fig = figure(30.0, 10.0)
    with paper_style():
        text = fig.text(0, 0, plain("$x^2$ costs $5, \\frac{"))
    assert text.get_text() == "$x^2$ costs $5, \\frac{"
    assert not text.get_parse_math()


def test_letters_that_the_font_lacks_are_marked_and_order_marks_go():
    assert plain("漢 \u202egnp.exe\x07 é") == "\ufffd gnp.exe é"
