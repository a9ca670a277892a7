import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.blocks.grounding.labels import from_curve, from_intervals, from_points
from vtk_notebooks.errors import VtkError

CENTRES_S = torch.arange(10) + 0.5


def test_an_interval_marks_the_clips_whose_centres_it_holds():
    f, b, s = from_intervals([Moment(2.0, 4.0)], CENTRES_S, 10.0)
    assert f.nonzero().squeeze(1).tolist() == [2, 3]
    torch.testing.assert_close(b[2:4], torch.tensor([[0.2, 0.4], [0.2, 0.4]]))
    assert torch.equal(s, f.float())


def test_where_intervals_overlap_the_shorter_one_owns_the_clip():
    _, b, _ = from_intervals([Moment(2.0, 4.0), Moment(0.0, 10.0)], CENTRES_S, 10.0)
    torch.testing.assert_close(b[3], torch.tensor([0.2, 0.4]))
    torch.testing.assert_close(b[5], torch.tensor([0.0, 1.0]))


@given(curve=st.lists(st.floats(0, 1), min_size=2, max_size=10))
def test_a_curve_is_foreground_above_its_threshold_and_spans_hold_their_clips(curve):
    curve = torch.tensor(curve)
    f, b, s = from_curve(curve, CENTRES_S[: len(curve)], float(len(curve)), threshold=0.5)
    assert torch.equal(f, curve >= 0.5)
    assert torch.equal(s, curve)
    centre = CENTRES_S[: len(curve)] / len(curve)
    assert ((b[f, 0] < centre[f]) & (centre[f] < b[f, 1])).all()


def test_runs_of_a_curve_are_separate_moments():
    curve = torch.tensor([0.0, 1, 1, 0, 0, 1, 0, 0, 0, 0])
    f, b, _ = from_curve(curve, CENTRES_S, 10.0)
    assert f.nonzero().squeeze(1).tolist() == [1, 2, 5]
    torch.testing.assert_close(b[f], torch.tensor([[0.1, 0.3], [0.1, 0.3], [0.5, 0.6]]))


def test_a_point_becomes_a_moment_around_it():
    f, b, _ = from_points([3.0], CENTRES_S, 10.0, length_s=2.0)
    assert f.nonzero().squeeze(1).tolist() == [2, 3]
    torch.testing.assert_close(b[2], torch.tensor([0.2, 0.4]))


def test_points_are_as_long_as_they_are_apart_unless_told():
    f, _, _ = from_points([1.0, 9.0, 5.0], CENTRES_S, 10.0)
    assert f.all()
    assert from_points([5.0], CENTRES_S, 10.0)[0].sum() == 6  # 2.5 s to 7.5 s


def test_no_points_are_refused():
    with pytest.raises(VtkError, match="one or more times"):
        from_points([], CENTRES_S, 10.0)
