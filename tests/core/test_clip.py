import numpy as np
import pytest

from vtk_notebooks import Clip
from vtk_notebooks.clip import Origin
from vtk_notebooks.errors import ShapeError


def clip(times_s=(0.0, 0.5, 2.0), name="made", duration_s=2.5, seed=0):
    frames = np.random.default_rng(seed).integers(0, 256, (len(times_s), 4, 6, 3), dtype=np.uint8)
    return Clip(frames, np.array(times_s, dtype=np.float64), Origin(name, duration_s))


def test_a_clip_is_as_long_as_its_film_and_has_as_many_frames_as_times():
    assert len(clip()) == 3
    assert clip().duration_s == 2.5
    assert clip(duration_s=0.0).duration_s == 2.0  # a header that says less is not believed


def test_equal_pixels_and_times_have_one_address_whatever_the_file_is_called():
    assert clip().address == clip(name="other").address
    different = [clip(seed=1), clip(times_s=(0.0, 0.6, 2.0)), clip(duration_s=3.0)]
    assert len({c.address for c in [clip(), *different]}) == 4


@pytest.mark.parametrize(
    "times_s",
    [(0.0, 0.0, 1.0), (0.0, 2.0, 1.0), (0.0, float("nan"), 1.0), (0.0, 1.0, float("inf"))],
)
def test_times_that_do_not_rise_are_refused(times_s):
    with pytest.raises(ShapeError, match="finite, rising times"):
        clip(times_s=times_s)


def test_a_clip_without_frames_is_refused():
    with pytest.raises(ShapeError, match="one or more frames"):
        clip(times_s=())


def test_frames_without_times_are_refused():
    good = clip()
    with pytest.raises(ShapeError, match="one time for each"):
        Clip.__post_init__(_changed(good, times_s=good.times_s[:2]))


@pytest.mark.parametrize("frames", [np.zeros((3, 4, 6, 4), np.uint8), np.zeros((3, 4, 6, 3))])
def test_frames_that_are_not_rgb_bytes_are_refused(frames):
    with pytest.raises(ShapeError, match="Convert to RGB bytes first"):
        Clip.__post_init__(_changed(clip(), frames=frames))


def _changed(made, **fields):
    """A clip with other fields, past the shape checks that only tests have."""
    out = object.__new__(Clip)
    for name in ("frames", "times_s", "origin"):
        object.__setattr__(out, name, fields.get(name, getattr(made, name)))
    return out
