"""What a viewer sees at a time is what we give, whatever the file is like inside."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.video import open_clip
from vtk_notebooks.video.backends import _walk, linear

OPEN_GOP = {"x264-params": "open-gop=1:keyint=12:bframes=3:scenecut=0"}
HEVC = "log-level=none:keyint=12:bframes=3:"
KINDS = {
    "vfr.mp4": {},
    "vfr.mkv": {},
    "even.ts": {},
    "open.mp4": {"options": OPEN_GOP},
    "open.mkv": {"options": OPEN_GOP},
    "open.ts": {"options": OPEN_GOP},
    "hevc.mp4": {"codec": "hevc", "options": {"x265-params": HEVC + "open-gop=1"}},
    "vp9.webm": {"codec": "vp9"},
    "vp8.webm": {"codec": "libvpx", "options": {"auto-alt-ref": "1", "lag-in-frames": "16"}},
    "packed.avi": {"codec": "mpeg4", "scale": 25},
    "mpeg2.mpg": {"codec": "mpeg2video", "scale": 25},
    "intra.mp4": {"options": {"g": "1"}},
    "one_group.mp4": {"options": {"g": "1000", "bf": "4"}},
    "refresh.mp4": {"options": {"x264-params": "intra-refresh=1:keyint=12"}},
}
EVEN = {"even.ts", "packed.avi", "mpeg2.mpg", "hevc.mp4", "open.ts"}
NEEDS_LINEAR = {"refresh.mp4"}


def times_of(name, frames=60):
    if name in EVEN:
        return [n / 25 for n in range(frames)]
    steps = np.random.default_rng(0).choice([0.01, 0.02, 0.04, 0.1, 0.5], frames - 1)
    return [0.0, *np.cumsum(steps).round(2).tolist()]


@pytest.fixture(scope="module")
def known(films):
    """Each kind of film with all its frames, made and decoded once."""
    cache = {}

    def get(name):
        if name not in cache:
            path = films.make(name, times_of(name), **KINDS[name])
            cache[name] = (path, *films.decode(path))
        return cache[name]

    return get


def seen(times_s, at_s):
    """Numbers of the frames that a viewer sees at these times."""
    at = np.searchsorted(times_s, np.array(at_s) + 1e-6, side="right") - 1
    return np.unique(at.clip(0))


def assert_is(clip, times_s, frames, numbers):
    np.testing.assert_allclose(clip.times_s, times_s[numbers], atol=1e-9)
    assert (clip.frames == frames[numbers]).all()


@pytest.mark.parametrize("name", KINDS)
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shares=st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_any_times_give_the_frames_that_a_viewer_sees_then(known, name, shares):
    path, times_s, frames = known(name)
    film = open_clip(path, backend="pyav")
    at_s = [share * film.duration_s for share in shares]
    assert_is(film.sample(times_s=at_s), times_s, frames, seen(times_s, at_s))


@pytest.mark.parametrize("name", sorted(set(KINDS) - NEEDS_LINEAR))
def test_a_healthy_film_is_never_decoded_from_the_start(known, name, monkeypatch):
    def refuse(job):
        raise AssertionError("fell back on the linear backend")

    monkeypatch.setattr(linear, "read", refuse)
    path, times_s, frames = known(name)
    film = open_clip(path, backend="pyav")
    for count in (1, 3, 16):
        at_s = [i * film.duration_s / count for i in range(count)]
        assert_is(film.sample(count), times_s, frames, seen(times_s, at_s))


@pytest.mark.parametrize("backend", ["auto", "pyav"])
def test_key_frames_that_are_none_are_seen_through(films, backend):
    """A film refreshed in stripes flags frames as key frames that cannot be decoded alone."""
    options = {"x264-params": "intra-refresh=1:keyint=12:bframes=0"}
    path = films.even("stripes.mp4", frames=100, size=(96, 128), options=options)
    times_s, frames = films.decode(path)
    film = open_clip(path, backend=backend)
    for number in range(48, 66, 2):
        assert_is(film.sample(times_s=[times_s[number]]), times_s, frames, [number])
    keys = np.searchsorted(times_s, np.array(film.keyframe_times_s) - 1e-9)
    assert_is(film.sample(keyframes=True), times_s, frames, keys)


def test_a_frame_that_the_decoder_swallows_is_fetched_another_way(known, monkeypatch):
    path, times_s, frames = known("one_group.mp4")
    swallowed, decoded = open_clip(path).facts.ticks(times_s[20]), _walk.decoded
    monkeypatch.setattr(
        _walk, "decoded", lambda *what: [f for f in decoded(*what) if f.pts != swallowed]
    )
    numbers = [5, 20, 40]
    clip = open_clip(path, backend="pyav").sample(times_s=times_s[numbers])
    assert_is(clip, times_s, frames, numbers)


@pytest.mark.parametrize(("name", "most"), [("one_group.mp4", 40), ("even.ts", 8)])
def test_frames_that_nobody_needs_are_not_decoded(known, monkeypatch, name, most):
    given = 0

    def counting(*what):
        nonlocal given
        frames = decoded(*what)
        given += len(frames)
        return frames

    decoded = _walk.decoded
    monkeypatch.setattr(_walk, "decoded", counting)
    path, times_s, frames = known(name)
    clip = open_clip(path, backend="pyav").sample(times_s=[times_s[-1]])
    assert_is(clip, times_s, frames, [59])
    assert given < most


@pytest.mark.parametrize("name", sorted(EVEN - {"packed.avi"}))
def test_the_length_is_the_end_of_the_last_picture(known, name):
    assert open_clip(known(name)[0]).duration_s == pytest.approx(60 / 25, abs=1e-6)


@pytest.mark.parametrize("name", ["slow.ts", "slow.mp4"])
def test_the_length_of_a_slow_film_is_right_too(films, name):
    path = films.make(name, range(20), size=(32, 32))
    assert open_clip(path).duration_s == pytest.approx(20, abs=1e-6)


@pytest.mark.parametrize("name", KINDS)
def test_all_frames_come_in_order_with_their_own_times(known, name):
    path, times_s, frames = known(name)
    got = list(open_clip(path).frames())
    np.testing.assert_allclose([t for t, _ in got], times_s, atol=1e-9)
    assert all((a == b).all() for (_, a), b in zip(got, frames, strict=True))


@pytest.mark.parametrize("name", ["vfr.mp4", "open.mkv", "even.ts"])
def test_key_frames_are_those_that_the_decoder_flags(known, name):
    path, times_s, frames = known(name)
    clip = open_clip(path).sample(keyframes=True)
    numbers = np.searchsorted(times_s, clip.times_s - 1e-9)
    assert len(clip) == len(open_clip(path).keyframe_times_s) == 5
    assert_is(clip, times_s, frames, numbers)


def test_the_times_of_a_clip_find_the_same_frames_again(known):
    film = open_clip(known("vfr.mp4")[0])
    clip = film.sample(9)
    again = film.sample(times_s=clip.times_s)
    assert (again.times_s == clip.times_s).all()
    assert (again.frames == clip.frames).all()


def test_a_count_looks_at_the_starts_of_equal_bins(films):
    film = open_clip(films.even("bins.mp4", frames=50))
    np.testing.assert_allclose(film.sample(4).times_s, [0, 0.48, 1.0, 1.48])


def test_a_rate_looks_so_often_a_second(films):
    film = open_clip(films.even("rate.mp4", frames=50))
    np.testing.assert_allclose(film.sample(rate_hz=5).times_s, np.arange(10) / 5)
    assert len(film.sample(rate_hz=25)) == 50
    assert len(film.sample(rate_hz=0.1)) == 1


def test_a_frame_that_is_seen_at_two_times_comes_once(films):
    film = open_clip(films.even("twice.mp4", frames=10))
    assert len(film.sample(64)) == 10
    assert len(film.sample(times_s=[0.1, 0.05, 0.11])) == 2


@pytest.mark.parametrize("rate", ["24000/1001", "30000/1001"])
def test_odd_frame_rates_lose_no_frame_to_rounding(films, rate):
    top, bottom = map(int, rate.split("/"))
    times_s = [n * bottom / top for n in range(48)]
    film = open_clip(films.make(f"ntsc{top}.mp4", times_s, scale=top), backend="pyav")
    assert len(film.sample(48)) == 48
    assert len(film.sample(rate_hz=top / bottom)) == 48


@pytest.mark.parametrize(
    "ways",
    [
        *({}, {"count": 2, "rate_hz": 1}, {"count": 0}, {"count": 2, "short_side": 0}),
        *({"rate_hz": 0}, {"rate_hz": float("nan")}, {"rate_hz": 1e9}),
        *({"times_s": []}, {"times_s": [-0.1]}, {"times_s": [99]}, {"times_s": [float("nan")]}),
    ],
)
def test_senseless_wishes_are_refused(films, ways):
    with pytest.raises(VtkError):
        open_clip(films.even("wish.mp4", frames=5)).sample(**ways)


def test_reduced_frames_keep_their_aspect_and_their_content(films):
    film = open_clip(films.even("small.mp4", frames=5, size=(96, 160)))
    small, full = film.sample(2, short_side=12).frames, film.sample(2).frames
    assert small.shape == (2, 12, 20, 3)
    blocks = full.reshape(2, 12, 8, 20, 8, 3).mean((2, 4))
    assert np.abs(small - blocks).mean() < 8


def test_frames_are_never_enlarged(films):
    film = open_clip(films.even("large.mp4", frames=3))
    assert film.sample(1, short_side=500).frames.shape == (1, 48, 64, 3)
