"""Film strip: pictures of a clip, and a tick for each frame that a model saw."""

import numpy as np

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.figures.film_strip import film_strip


def clip():
    frames = np.zeros((8, 12, 16, 3), np.uint8)
    return Clip(frames, np.arange(8.0), Origin("made", duration_s=8.0))


def test_it_has_as_many_pictures_as_asked_for_and_a_tick_for_each_seen_frame():
    figure = film_strip(clip(), 4, seen_s=[1.0, 3.0, 5.0], width_mm=100.0)
    pictures = [ax for ax in figure.axes if ax.images]
    assert len(pictures) == 4
    (ticks,) = figure.axes[-1].collections
    assert ticks.get_positions() == [1.0, 3.0, 5.0]  # pyright: ignore[reportAttributeAccessIssue]
    assert figure.axes[-1].get_xlim() == (0, 8.0)
