"""Contact sheets: films too long for a browser are thinned out."""

import numpy as np
import pytest
import torch

from vtk_widgets import TokenMap
from vtk_widgets.parts.tokens import panes


def numbers(entry, name, dtype="<i4"):
    return np.frombuffer(entry[name], dtype)


@pytest.mark.parametrize(("frames", "cells"), [(3, 10**6), (10**6, 18)])
def test_of_a_film_too_long_some_frames_stand_for_all_and_the_map_says_so(
    run, merge, monkeypatch, frames, cells
):
    monkeypatch.setattr(panes, "MOST_FRAMES", frames)
    monkeypatch.setattr(panes, "MOST_CELLS", cells)
    token_map = TokenMap.of(run, rerun=merge, weights=torch.ones(18))
    (pane,) = token_map.panes
    assert (pane["grid"], pane["of_frames"]) == ([3, 2, 3], 6)
    assert pane["times_s"] == pytest.approx([0.0, 0.5, 3.0])  # the first and the last among them
    assert len(token_map.frames) == 3
    token_map.keep, token_map.rival = 0.75, "random"
    told = [token_map.levels[0][0], token_map.fresh[0], token_map.rivals["random"][0]]
    assert [len(numbers(entry, "owner")) for entry in told] == [18] * 3
    assert len(token_map.weights[0]["cells"]) == 18
    assert len(numbers(token_map.fresh[0], "mass")) == 27  # of the tokens all
    assert token_map.snapshot() is not None
