"""What is written can be read again, with its own times, and appears only when complete."""

import numpy as np
import pytest

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.video import make_film, open_clip, write_film


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "h264"),
        ("a.mkv", "h264"),
        ("a.mp4", "hevc"),
        ("a.webm", "vp9"),
        ("a.mp4", "mpeg4"),
    ],
)
def test_a_made_film_survives_being_written(tmp_path, name, codec):
    made = make_film(1, duration_s=4, size=(48, 64))
    film = open_clip(write_film(made, tmp_path / name, codec=codec))
    clip = film.sample(rate_hz=8)
    np.testing.assert_allclose(clip.times_s, made.clip.times_s, atol=1e-6)
    assert film.duration_s == pytest.approx(made.duration_s, abs=1e-6)
    assert np.abs(clip.frames.astype(int) - made.clip.frames).mean() < 6


@pytest.mark.parametrize("size", [(33, 47), (32, 33)])
def test_odd_sizes_are_written_whole(tmp_path, size):
    made = make_film(1, duration_s=2, size=size, shots=1)
    assert open_clip(write_film(made, tmp_path / "odd.mp4")).sample(2).frames.shape[1:3] == size


def uneven():
    times_s = np.array([0, 0.1, 0.35, 0.4, 0.9, 1.0, 1.51, 2.2])
    frames = make_film(1, duration_s=1, size=(32, 32), shots=1).clip.frames
    return Clip(frames, times_s, Origin("uneven", 3.0))


@pytest.mark.parametrize("name", ["uneven.mp4", "uneven.mkv"])
def test_uneven_times_and_the_length_of_the_last_frame_are_kept(tmp_path, name):
    film = open_clip(write_film(uneven(), tmp_path / name))
    np.testing.assert_allclose([t for t, _ in film.frames()], uneven().times_s, atol=1e-6)
    assert film.duration_s == pytest.approx(3.0, abs=1e-6)


def test_times_that_fit_no_clock_are_kept_to_a_few_microseconds(tmp_path):
    rng = np.random.default_rng(0)
    clip = Clip(uneven().frames, np.sort(rng.uniform(0, 3, 8)), Origin("random", 3.0))
    film = open_clip(write_film(clip, tmp_path / "random.mp4"))
    first = film.sample(1).times_s[0]
    got = np.array([t for t, _ in film.frames()])
    np.testing.assert_allclose(got - first, clip.times_s - clip.times_s[0], atol=2e-5)


def test_progress_counts_frames(tmp_path):
    told = []
    made = make_film(1, duration_s=2, size=(32, 32), shots=1)
    write_film(made, tmp_path / "told.mp4", progress=lambda *what: told.append(what))
    assert told == [(n, 16) for n in range(1, 17)]


def test_a_film_that_was_not_finished_leaves_nothing(tmp_path):
    def stop(done, total):
        if done == 70:  # by when the encoder has begun to write
            raise KeyboardInterrupt

    path = tmp_path / "half.mp4"
    path.write_bytes(b"what was there")
    with pytest.raises(KeyboardInterrupt):
        write_film(make_film(1, size=(32, 32)), path, progress=stop)
    assert path.read_bytes() == b"what was there"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "codec", "advice"),
    [("a.mp4", "nonsense", "h264"), ("a.nonsense", "h264", "mp4"), ("no/a.mp4", "h264", "folder")],
)
def test_what_cannot_be_written_is_refused(tmp_path, name, codec, advice):
    with pytest.raises(VtkError, match=advice):
        write_film(make_film(1, size=(32, 32)), tmp_path / name, codec=codec)
    assert list(tmp_path.iterdir()) == []
