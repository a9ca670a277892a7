"""A film is looked at, asked, and let go; it never holds on to anything in between."""

import gc
import io
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from vtk_notebooks.errors import DecodeError
from vtk_notebooks.video import MadeFilm, open_clip, write_film
from vtk_notebooks.video.synth import Event, Scene, Shape, Shot


def handles():
    gc.collect()
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - no need for paths


def test_it_says_where_it_comes_from(films):
    path = films.even("origin.mp4", frames=25)
    origin = open_clip(path).sample(2).origin
    assert (origin.name, origin.codec, origin.backend) == ("origin.mp4", "h264", "pyav")
    assert (origin.duration_s, origin.frame_rate_hz) == pytest.approx((1.0, 25.0))
    assert (origin.width, origin.height, origin.has_audio) == (64, 48, False)
    assert len(origin.sha256) == 64


def test_path_text_bytes_and_open_file_are_the_same_film(films):
    path = films.even("same.mp4", frames=20)
    with path.open("rb") as file:
        for source in (str(path), path.read_bytes(), bytearray(path.read_bytes()), file):
            clip = open_clip(source).sample(5)
            assert clip.address == open_clip(path).sample(5).address
        assert not file.closed


def test_a_pipe_is_read_once_and_can_be_sampled_twice(films):
    class Pipe(io.RawIOBase):
        def __init__(self, data):
            self.data = io.BytesIO(data)

        def readable(self):
            return True

        def readinto(self, into):
            return self.data.readinto(into)

    film = open_clip(io.BufferedReader(Pipe(films.even("pipe.mp4", frames=9).read_bytes())))
    assert len(film.sample(9)) == len(film.sample(9)) == 9


def test_files_that_cannot_serve_are_refused(films):
    path = films.even("serve.mp4", frames=3)
    with path.open("rb") as file:
        film = open_clip(file)
    with pytest.raises(DecodeError, match="Keep the file open"):
        film.sample(1)
    with pytest.raises(DecodeError, match='mode "rb"'):
        open_clip(io.StringIO("text"))
    with pytest.raises(DecodeError, match="Give a path"):
        open_clip(42)


def test_a_closed_film_refuses_to_work(films):
    with open_clip(films.even("closed.mp4", frames=9)) as film:
        running = film.frames()
        next(running)
    for use in (
        lambda: film.sample(1),
        lambda: film.frames(),
        lambda: film.audio(),
        lambda: film.keyframe_times_s,
        lambda: next(running),
    ):
        with pytest.raises(DecodeError, match="open_clip"):
            use()


def test_no_handle_stays_open_between_operations(films):
    path = films.even("handles.mp4", frames=50)
    before = handles()
    film = open_clip(path)
    film.sample(3)
    running = film.frames()
    next(running)
    assert handles() == before + 1
    del running
    assert handles() == before


@pytest.mark.parametrize("backend", ["linear", "pyav"])
@pytest.mark.parametrize("stop", [KeyboardInterrupt, ZeroDivisionError])
def test_an_interruption_passes_through_and_leaves_no_handle(films, backend, stop):
    path = films.even("interrupted.mp4", frames=100)
    film, before = open_clip(path, backend=backend), handles()

    def interrupt(done, total):
        if done == 3:
            raise stop

    with pytest.raises(stop):
        film.sample(20, progress=interrupt)
    assert handles() == before
    assert len(film.sample(20)) == 20


@pytest.mark.parametrize("backend", ["linear", "pyav"])
def test_progress_is_told_often_and_ends_with_everything(films, backend):
    told = []
    film = open_clip(films.even("told.mp4", frames=100), backend=backend)
    film.sample(4, progress=lambda done, total: told.append((done, total)))
    assert len(told) > 10
    assert told == sorted(told)
    assert told[-1] == (4, 4)


@pytest.fixture(scope="module")
def hour(films):
    """One hour at one frame a second."""
    shots = (Shot(0, 3600),)
    events = (Event(Shape(), "right", 0, 3600, (0.2, 0.5), (0.8, 0.5)),)
    made = MadeFilm(Scene(3600, 1, (64, 64), shots, events, grain=8))
    options = {"preset": "ultrafast", "crf": "28"}
    return write_film(made, films.folder / "hour.mp4", options=options)


def test_an_hour_is_walked_through_in_constant_memory(hour):
    tracemalloc.start()
    count = sum(1 for _ in open_clip(hour).frames())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3600
    assert peak < 5_000_000  # all frames take 44 MB


def test_a_few_frames_of_an_hour_touch_little_of_the_file(hour):
    class Counting(io.FileIO):
        total = 0

        def read(self, size: int | None = -1, /) -> bytes:
            got = super().read(size)
            self.total += len(got)
            return got

    with Counting(hour) as file:
        film = open_clip(file)
        file.total = 0
        assert film.sample(times_s=[600, 3000]).times_s.tolist() == [600, 3000]
        assert 0 < file.total < hour.stat().st_size / 2


def test_importing_video_imports_no_decoder():
    code = "import sys, vtk_notebooks.video as v; v.open_clip; v.make_film; v.gallery_film\n"
    code += "print([m for m in ('av', 'decord', 'PIL', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_is_exported_that_is_not_there():
    import vtk_notebooks.video as video

    assert all(getattr(video, name) for name in dir(video))
    with pytest.raises(AttributeError, match="no_such"):
        video.no_such  # noqa: B018


def test_what_is_in_memory_is_not_hashed_as_a_file(films):
    data = films.even("hash.mp4", frames=3).read_bytes()
    assert open_clip(data).origin.sha256 == ""
    assert np.array_equal(open_clip(data).sample(1).times_s, [0.0])
    assert Path(open_clip(films.folder / "hash.mp4").origin.name) == Path("hash.mp4")
