import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.metrics.moments.haystack import Haystack, ssim

PICKED = [0.0, 10.0, 14.0, 21.0, 30.0, 40.0, 50.0, 60.0]
TRUE = [12.0, 26.0, 80.0, 90.0]  # both 10 and 14 are near 12, and 21 is near 26 at exactly 5 s
TIMES = st.lists(st.integers(0, 60).map(float), min_size=1, max_size=6)


def side(numbers, sense="temporal"):
    return [float(numbers[f"{sense} {n}"]) for n in ("precision", "recall", "F1")]


def picture(seed, size=24):
    return np.random.default_rng(seed).random((size, size, 3))


def test_three_eighths_and_a_half_make_three_sevenths():
    picked = [0.0, 10.0, 14.0, 21.0, 32.0, 42.0, 52.0, 62.0]
    assert side(Haystack()([picked], [TRUE])) == pytest.approx([0.375, 0.5, 0.428571], abs=1e-6)


def test_a_frame_five_seconds_off_counts_and_a_hair_more_does_not():
    assert side(Haystack()([[15.0]], [[10.0]])) == [1, 1, 1]
    assert side(Haystack()([[15.001]], [[10.0]])) == [0, 0, 0]
    assert side(build("metric", "haystack", tolerance_s=6.0)([[15.001]], [[10.0]])) == [1, 1, 1]


def test_a_question_for_which_nothing_was_picked_counts_as_zero():
    numbers = Haystack()([[10.0], []], [[10.0], [10.0]], [np.eye(1), np.zeros((0, 1))])
    assert side(numbers) == [0.5, 0.5, 0.5]
    assert side(numbers, "visual") == [0.5, 0.5, 0.5]


def test_temporal_f1_is_the_mean_of_f1s_and_visual_f1_is_the_f1_of_means():
    answers, truths = [[10.0], [10.0, 90.0]], [[10.0, 90.0], [10.0]]
    likeness = [np.array([[1.0, 0.0]]), np.array([[1.0], [0.0]])]
    numbers = Haystack()(answers, truths, likeness)
    assert side(numbers) == pytest.approx([0.75, 0.75, 2 / 3])
    assert side(numbers, "visual") == pytest.approx([0.75, 0.75, 0.75])


def test_likeness_is_a_mean_of_best_matches_and_may_be_a_function():
    likeness = np.array([[0.9, 0.1], [0.2, 0.4], [0.0, 0.0]])
    numbers = Haystack()([[1.0, 2.0, 3.0]], [[1.0, 2.0]], lambda question: likeness + question)
    assert side(numbers, "visual")[:2] == pytest.approx([1.3 / 3, 1.3 / 2])


def test_without_pictures_there_are_no_visual_numbers():
    assert not [n for n in Haystack()([[1.0]], [[1.0]]) if n.startswith("visual")]


@given(picked=st.lists(TIMES, min_size=1, max_size=4), true=TIMES)
def test_exchanging_picked_and_true_frames_exchanges_precision_and_recall(picked, true):
    one = side(Haystack()(picked, [true] * len(picked)))
    other = side(Haystack()([true] * len(picked), picked))
    assert one == pytest.approx([other[1], other[0], other[2]])
    assert all(0 <= value <= 1 for value in one)


def test_a_picture_is_like_itself_and_unlike_its_negative():
    a, b = picture(0), picture(1)
    alike = ssim(np.stack([a, b]), np.stack([a, b, 1 - a]))
    assert alike.shape == (2, 3)
    assert alike[0, 0] == alike[1, 1] == pytest.approx(1)
    assert alike[0, 1] == pytest.approx(alike[1, 0])
    assert alike[0, 2] < -0.9


def test_flat_pictures_differ_in_light_alone():
    a, b = np.full((1, 16, 16, 3), 0.2), np.full((1, 16, 16, 3), 0.6)
    light = (2 * 0.2 * 0.6 + 1e-4) / (0.2**2 + 0.6**2 + 1e-4)
    assert ssim(a, b)[0, 0] == pytest.approx(light)


def test_rows_and_columns_are_blurred_and_colours_are_not():
    a, b = picture(0)[None], picture(1)[None]
    assert ssim(a, b) == pytest.approx(ssim(a.swapaxes(1, 2), b.swapaxes(1, 2)))
    each = [ssim(a[..., c : c + 1], b[..., c : c + 1])[0, 0] for c in range(3)]
    assert ssim(a, b)[0, 0] == pytest.approx(np.mean(each))


def test_what_does_not_fit_is_refused():
    with pytest.raises(VtkError, match="one or more true frames per question"):
        Haystack()([[1.0]], [[]])
    with pytest.raises(ShapeError, match="question 0"):
        Haystack()([[1.0]], [[1.0, 2.0]], [np.eye(2)])
    with pytest.raises(ShapeError, match="Resize them first"):
        ssim(picture(0)[None], picture(0, size=16)[None])
