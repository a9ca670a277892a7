"""Files as they come: what can be shown is shown, what cannot is refused with advice."""

import io
import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from vtk_notebooks.errors import DecodeError
from vtk_notebooks.video import DecodeWarning, open_clip


def refusal(source):
    with pytest.raises(DecodeError) as caught:
        open_clip(source).sample(2)
    assert caught.value.hint
    return str(caught.value)


def test_a_missing_file_is_named_and_the_folder_too(tmp_path):
    assert "no file" in refusal(tmp_path / "gone.mp4")
    assert str(Path.cwd()) in refusal("gone.mp4")


def test_an_address_has_to_be_downloaded_first():
    assert "Download it" in refusal("https://example.org/film.mp4")


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty.mp4").touch()
    assert "empty file" in refusal(tmp_path / "empty.mp4")
    assert "no bytes" in refusal(b"")


def test_a_folder_is_refused(tmp_path):
    assert "folder" in refusal(tmp_path)


def test_text_in_film_clothing_is_refused(tmp_path):
    (tmp_path / "notes.mp4").write_text("Dear diary, today I renamed a file.\n" * 50)
    assert "cannot read" in refusal(tmp_path / "notes.mp4")


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    Path("secret.mp4").write_bytes(b"film")
    Path("secret.mp4").chmod(0)
    root = os.geteuid() == 0
    if root:  # who may read everything
        os.seteuid(65534)
    try:
        assert "permissions" in refusal("secret.mp4")
    finally:
        if root:
            os.seteuid(0)


def song(path, cover):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        stream.layout = "mono"
        if cover is not None:
            art = container.add_stream("mjpeg", rate=1)
            art.height, art.width, art.pix_fmt = *cover.shape[:2], "yuvj420p"
            art.disposition = Disposition.attached_pic
            container.mux(art.encode(av.VideoFrame.from_ndarray(cover, format="rgb24")))
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), "flt", "mono")
        frame.rate = 16000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("cover", [False, True])
def test_sound_alone_is_refused_even_with_a_cover(films, tmp_path, cover):
    picture = films.picture(0, (32, 32)) if cover else None
    assert "only sound" in refusal(song(tmp_path / "song.mp4", picture))


def test_a_film_without_a_frame_is_refused(films, tmp_path):
    whole = films.even("whole.mkv", frames=3).read_bytes()
    stub = whole[: whole.index(b"\x1f\x43\xb6\x75")]  # up to where the first cluster starts
    (tmp_path / "stub.mkv").write_bytes(stub)
    assert "stub.mkv" in refusal(tmp_path / "stub.mkv")


def test_one_frame_is_a_film(films):
    film = open_clip(films.even("one.mp4", frames=1))
    clips = [film.sample(5), film.sample(rate_hz=2), film.sample(keyframes=True)]
    for clip in [*clips, film.sample(times_s=[0.02])]:
        assert clip.times_s.tolist() == [0.0]


@pytest.mark.parametrize("size", [(33, 47), (1, 1), (35, 64), (2, 200)])
def test_odd_sizes_are_read_whole(films, size):
    path = films.even(f"odd{size[0]}.mkv", frames=4, size=size)
    _, frames = films.decode(path)
    clip = open_clip(path).sample(4)
    assert clip.frames.shape == (4, *size, 3)
    assert (clip.frames == frames).all()


@pytest.mark.parametrize("flips", [{}, {"hflip": True}, {"vflip": True}])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_films_are_shown_upright(films, turn, flips):
    path = films.even(f"turn{turn}{len(str(flips))}.mp4", frames=4, turn=(turn, flips))
    _, stored = films.decode(path)  # which leaves them as they lie in the file
    upright = np.rot90(stored, turn // 90, axes=(1, 2))
    if "hflip" in flips:
        upright = upright[:, :, ::-1]
    if "vflip" in flips:
        upright = upright[:, ::-1]
    film = open_clip(path)
    clip = film.sample(4)
    assert (clip.frames == upright).all()
    assert (film.origin.height, film.origin.width) == upright.shape[1:3]
    assert film.sample(1, short_side=24).frames.shape[1:3] == tuple(
        n // 2 for n in upright.shape[1:3]
    )
    if not flips:
        assert film.origin.rotation_deg == (360 - turn) % 360


def fast(films, name, frames=60):
    """A film whose header comes first, as on the web: it can be cut off and still be opened."""
    path = films.folder / name
    source = films.even("slow_" + name, frames=frames)
    options = {"movflags": "faststart"}
    with av.open(str(source)) as old, av.open(str(path), "w", options=options) as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.size:
                packet.stream = stream
                new.mux(packet)
    return path


@pytest.mark.parametrize("backend", ["auto", "linear"])
def test_a_film_that_was_cut_off_gives_what_is_there_and_says_so(films, tmp_path, backend):
    whole = fast(films, "cut.mp4")
    times_s, frames = films.decode(whole)
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.warns(DecodeWarning, match=r"2\.40 s.*cut off"):
        film = open_clip(path, backend=backend)
    assert 0.8 < film.duration_s < 2
    assert "cut off" in film.warnings[0]
    clip = film.sample(rate_hz=25)
    assert len(clip) > 20
    assert (clip.frames == frames[np.searchsorted(times_s, clip.times_s - 1e-9)]).all()


def test_a_film_cut_off_before_its_header_is_refused(films):
    data = films.even("headless.mp4").read_bytes()
    assert "cannot read" in refusal(data[: len(data) // 2])


def test_a_film_damaged_in_the_middle_gives_the_rest_and_says_so(films):
    whole = films.even("hurt.mp4", frames=100)
    times_s, frames = films.decode(whole)
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 1500] = np.random.default_rng(0).bytes(1500)
    film = open_clip(bytes(data))
    with pytest.warns(DecodeWarning, match="damaged between"):
        clip = film.sample(rate_hz=25)
    assert len(film.warnings) == 1
    at = np.searchsorted(times_s, clip.times_s - 1e-9)
    same = (clip.frames == frames[at]).all((1, 2, 3))
    assert same[clip.times_s < 1].all()
    assert same[clip.times_s > 3].all()


@pytest.mark.parametrize("seed", range(6))
def test_damage_is_met_alike_by_a_few_looks_and_by_many(films, seed):
    whole = films.even("alike.mp4", frames=100)
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40 * 3**seed] = np.random.default_rng(seed).bytes(40 * 3**seed)
    with pytest.warns(DecodeWarning):
        few, truth = (open_clip(bytes(data), backend=b).sample(33) for b in ("pyav", "linear"))
    assert (few.times_s == truth.times_s).all()
    assert (few.frames == truth.frames).all()


def test_an_absurd_frame_count_in_the_header_is_not_believed(films):
    path = films.even("boast.avi", frames=20, codec="mpeg4", scale=25)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"avih") + 8 + 16, 2_000_000_000)
    struct.pack_into("<I", data, data.index(b"strh") + 8 + 32, 2_000_000_000)
    with av.open(io.BytesIO(bytes(data))) as container:
        assert container.streams.video[0].frames == 2_000_000_000
    with pytest.warns(DecodeWarning, match="header is wrong"):
        film = open_clip(bytes(data))
    assert film.duration_s == pytest.approx(0.8, abs=0.05)
    assert len(film.sample(20)) >= 19


def test_an_absurd_length_in_the_header_is_not_believed(films):
    data = bytearray(films.even("long.mp4", frames=20).read_bytes())
    for name, offset in ((b"mvhd", 20), (b"mdhd", 20), (b"tkhd", 24)):
        struct.pack_into(">I", data, data.index(name) + offset, 2**31 - 1)
    struct.pack_into(">I", data, data.index(b"elst") + 12, 2**31 - 1)
    assert open_clip(bytes(data)).duration_s == pytest.approx(0.8)


def test_frames_without_time_stamps_get_the_time_that_the_rate_says(films):
    path = films.even("raw.h264", frames=30)
    film = open_clip(path)
    assert film.duration_s == pytest.approx(30 / 25)
    np.testing.assert_allclose([t for t, _ in film.frames()], np.arange(30) / 25)
    np.testing.assert_allclose(film.sample(3).times_s, [0, 0.4, 0.8])
    assert film.keyframe_times_s == (0.0, 0.48, 0.96)


@pytest.mark.parametrize("backend", ["linear", "pyav"])
def test_a_clock_that_jumps_back_still_gives_rising_times(films, backend):
    once = films.even("spliced.ts", frames=30).read_bytes()
    film = open_clip(once + once, backend=backend)
    times_s = [t for t, _ in film.frames()]
    assert len(times_s) >= 58
    assert (np.diff(times_s) > 0).all()
    assert (np.diff(film.sample(5).times_s) > 0).all()


def test_a_clock_that_does_not_start_at_zero_is_set_to_zero(films):
    path = films.make("late.ts", [100 + n / 25 for n in range(20)])
    assert open_clip(path).sample(1).times_s.tolist() == [0.0]


def test_a_picture_track_that_starts_late_starts_late(tmp_path, films):
    path = tmp_path / "late.mkv"
    with av.open(str(path), "w") as container:
        video, audio = (
            container.add_stream("h264", rate=25),
            container.add_stream("flac", rate=8000),
        )
        video.height, video.width, video.pix_fmt, audio.layout = 48, 64, "yuv420p", "mono"
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.int16), "s16", "mono")
        sound.rate, sound.pts = 8000, 0
        container.mux(audio.encode(sound))
        container.mux(audio.encode())
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(films.picture(number, (48, 64)), format="rgb24")
            frame.pts, frame.time_base = 25 + number, Fraction(1, 25)
            container.mux(video.encode(frame))
        container.mux(video.encode())
    film = open_clip(path)
    assert film.sample(times_s=[0.2, 1.1]).times_s.tolist() == [1.0, 1.08]
    assert film.duration_s == pytest.approx(1.4)


@pytest.mark.parametrize("name", ["concat:a|b.mp4", "-i.mp4", "50%d.mp4", "naïve ☃.mp4", "a:b.mp4"])
def test_a_strange_name_is_just_a_name(films, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(films.even("plain.mp4", frames=3).read_bytes())
    assert len(open_clip(name).sample(3)) == 3
    assert open_clip(name).origin.name == name


def test_a_title_in_an_old_encoding_is_no_obstacle(films):
    data = films.even("title.mkv", frames=3, title="XXXXXXXX").read_bytes()
    assert len(open_clip(data.replace(b"XXXXXXXX", b"caf\xe9 \xff\xfe.")).sample(3)) == 3
