import math

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.sweep import Question
from vtk_notebooks.sweep.question import named_films


def test_the_best_moment_counts_with_the_truth_it_meets_best():
    asked = Question("when?", (Moment(0.0, 4.0), Moment(10.0, 12.0)))
    assert asked.iou([Moment(10.0, 14.0), Moment(0.0, 4.0)]) == 0.5
    assert asked.iou([]) == 0.0
    assert math.isnan(Question("when?").iou([Moment(0.0, 1.0)]))


def test_a_question_has_words():
    with pytest.raises(VtkError, match="what to look for"):
        Question(" ")


def test_films_are_named_after_their_files(film):
    named = named_films(["a/x.mp4", "b/x.mp4", film("clip"), b"bytes"])
    assert list(named) == ["x.mp4", "x.mp4 (2)", "clip", "film 4"]
    assert list(named_films("a/x.mp4")) == ["x.mp4"]
