import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from vtk_notebooks.errors import VtkError
from vtk_notebooks.video import gallery_film, open_clip
from vtk_notebooks.video.flow import Flow, grey, motion


def texture(seed=0, size=(96, 128)):
    rough = np.random.default_rng(seed).normal(size=size)
    return 128 + 400 * gaussian_filter(rough, 2.5, mode="wrap")


def moved(right, down, seed=0, size=(96, 128)):
    """A texture and the same texture moved by whole pixels, seen through a smaller window."""
    big = texture(seed, size)
    window = np.s_[12:-12, 12:-12]
    return big[window], np.roll(big, (down, right), axis=(0, 1))[window]


@settings(max_examples=10)
@given(right=st.integers(-5, 5), down=st.integers(-5, 5), seed=st.integers(0, 20))
def test_a_texture_that_moves_as_one_has_that_move_everywhere_inside(right, down, seed):
    inside = Flow()(*moved(right, down, seed))[12:-12, 12:-12]
    assert np.median(inside, axis=(0, 1)).tolist() == pytest.approx([right, down], abs=0.3)


def test_a_frame_that_stands_still_has_no_flow_except_at_the_border_as_in_opencv():
    flow = np.abs(Flow()(texture(), texture()))
    assert flow[20:-20, 20:-20].max() < 1e-6
    assert flow.mean() < 0.01


def test_a_frame_without_any_texture_has_no_flow():
    assert not Flow()(np.full((40, 40), 90.0), np.full((40, 40), 90.0)).any()


def test_larger_moves_need_more_levels():
    pair = moved(11, 0, size=(280, 320))
    near, far = (np.median(Flow(levels=k)(*pair)[20:-20, 20:-20, 0]) for k in (0, 3))
    assert abs(far - 11) < 1 < abs(near - 11)


def test_tiny_frames_are_not_made_smaller():
    one, two = (frame[:20, :24] for frame in moved(1, 0))
    assert np.array_equal(Flow(levels=5)(one, two), Flow(levels=0)(one, two))


def test_motion_is_the_mean_length_and_the_first_frame_repeats_the_second():
    one, two = moved(3, 4)
    found = motion(np.stack([one, two, two]))
    expected = np.hypot(*np.moveaxis(Flow()(one, two), -1, 0)).mean()
    assert found.tolist() == pytest.approx([expected, expected, 0], abs=2e-3)
    assert motion(one[None]).tolist() == [0]


def test_grey_is_what_television_makes_of_colours():
    colours = np.array([[[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]]], np.uint8)
    assert grey(colours).ravel().tolist() == [76, 150, 29, 255]


@pytest.mark.parametrize(("name", "short_side"), [("carphone", None), ("bikes", 96)])
def test_flow_is_that_of_opencv(name, short_side):
    cv2 = pytest.importorskip("cv2")
    with open_clip(gallery_film(name)) as film:
        clip = film.sample(times_s=[1.0, 1.04], short_side=short_side)
    one, two = grey(clip.frames)
    first, second = (x.astype(np.uint8) for x in (one, two))
    theirs = cv2.calcOpticalFlowFarneback(first, second, None, 0.5, 3, 15, 3, 5, 1.2, 0)
    assert np.abs(theirs).mean() > 0.3
    assert np.abs(Flow()(one, two) - theirs).mean() < 1e-3
    assert np.abs(Flow()(one, two) - theirs).max() < 0.02


def test_two_frames_of_different_size_are_refused():
    with pytest.raises(VtkError, match="one size"):
        Flow()(np.zeros((40, 40)), np.zeros((40, 41)))
