"""The gallery shows a member of every family that has a picture."""

import pytest
import torch

from vtk_notebooks.errors import UnknownNameError
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run
from vtk_notebooks.stage import Stage


@pytest.fixture
def gallery(clip, tokens):
    from vtk_widgets import Gallery

    asked = Query("made", tokens.x[12], tokens.x[12:13], ("made",), "features")
    encoded = Stage("encoded", tokens, 0.0, 0, "")
    return Gallery(Run(Recipe(), clip, asked, (encoded,), torch.zeros(6), (), ()))


def test_a_policy_is_shown_as_when_it_would_have_spoken(gallery, capsys):
    shown = gallery.show(
        "policy",
        "speak_gate",
        heads=("relevance",),
        threshold=0.5,
        level=0.999,
        best=0.1,
        spread=1e-4,
    )
    assert "Speaks after 1 of 6 frames" in capsys.readouterr().out
    assert [(m.start_s, m.end_s) for m in shown.moments] == [(0.5, 1.0)]


def test_a_kind_without_a_picture_is_refused(gallery):
    with pytest.raises(UnknownNameError, match="policy"):
        gallery.show("polcy", "speak_gate")
