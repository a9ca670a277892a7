"""A film that is too long to send: frames, sound and a coarse strip come when asked for."""

import asyncio
import io
import json

import av
import numpy as np
import pytest
from PIL import Image

from vtk_notebooks.video import open_clip
from vtk_widgets import FramePlayer
from vtk_widgets.parts.film import far_film, soundtrack
from vtk_widgets.parts.film.far_film import STRIP, FarFilm

RATE_HZ, LENGTH_S = 5, 60


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A minute that gets brighter by one step a second, with a tone from its 30th second on."""
    path = tmp_path_factory.mktemp("film") / "minute.mp4"
    with av.open(path, "w") as container:
        pictures = container.add_stream("mpeg4", rate=RATE_HZ)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 36, "yuv420p"
        tone = container.add_stream("aac", rate=16000, layout="mono")
        for i in range(RATE_HZ * LENGTH_S):
            grey = np.full((36, 64, 3), 10 + 4 * (i // RATE_HZ), np.uint8)
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        for second in range(LENGTH_S):
            wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(16000) / 16000) * (second >= 30)
            samples = wave.astype(np.float32)[None]
            frame = av.AudioFrame.from_ndarray(samples, format="flt", layout="mono")
            frame.sample_rate, frame.pts = 16000, second * 16000
            container.mux(tone.encode(frame))
        container.mux(pictures.encode(None))
        container.mux(tone.encode(None))
    return open_clip(path)


@pytest.fixture
def served(film):
    """A served film and the answers it gave: a list of (content, buffers)."""
    told = []
    return FarFilm(film, 32, lambda content, buffers: told.append((content, buffers))), told


def brightness(data):
    return float(np.asarray(Image.open(io.BytesIO(data))).mean())


def test_one_frame_comes_with_its_own_time(served):
    far, told = served
    far.ask({"kind": "frame", "time_s": 30.11})
    ((content, (data,)),) = told
    assert content == {"kind": "frames", "from_s": 30.0, "to_s": 30.11, "times_s": [30.0]}
    assert brightness(data) == pytest.approx(10 + 4 * 30, abs=4)
    assert Image.open(io.BytesIO(data)).size == (32, 18)


def test_a_stretch_has_every_frame_in_it_and_says_from_when_to_when(served):
    far, told = served
    far.ask({"kind": "stretch", "start_s": 10.0, "end_s": 12.0})
    ((content, buffers),) = told
    assert content["times_s"] == pytest.approx(np.arange(10, 12, 1 / RATE_HZ).tolist())
    assert (content["from_s"], content["to_s"]) == (10.0, 12.0)
    assert len(buffers) == 10


def test_no_wish_is_too_long_and_none_beyond_the_end_fails(served):
    far, told = served
    far.ask({"kind": "stretch", "start_s": 0.0, "end_s": 9999.0})
    assert told[-1][0]["to_s"] == far_film.MOST_STRETCH_S
    far.ask({"kind": "frame", "time_s": 9999.0})
    assert told[-1][0]["times_s"] == pytest.approx([LENGTH_S - 1 / RATE_HZ])


def test_the_strip_goes_over_the_whole_film_first_and_is_made_once(served, monkeypatch):
    far, told = served
    far.ask({"kind": "strip"})
    first = told[0][0]["times_s"]
    assert first[-1] - first[0] > 0.8 * LENGTH_S
    assert sorted(t for content, _ in told for t in content["times_s"]) == sorted(
        time_s for time_s, _ in far.strip()
    )
    assert len(far.strip()) == STRIP
    monkeypatch.setattr(far.film, "sample", None)
    far.ask({"kind": "strip"})
    assert told[-1][0]["kind"] == "strip"


def test_what_is_no_wish_is_let_go_and_what_fails_is_told(served):
    far, told = served
    far.ask({"kind": "format the disk"})
    assert told == []
    far.ask({"kind": "frame", "time_s": "now"})
    assert told[0][0]["kind"] == "trouble"
    assert "ValueError" in told[0][0]["text"]


def test_scrubbing_leaves_no_queue_and_the_frame_on_view_comes_before_its_neighbours(film):
    told = []
    far = FarFilm(film, 32, lambda content, _: told.append(content))

    async def scrub():
        far.ask({"kind": "strip"})
        far.ask({"kind": "stretch", "start_s": 0.0, "end_s": 2.0})
        for time_s in range(40):
            far.ask({"kind": "frame", "time_s": float(time_s)})
        while far._running or not any(content["kind"] == "strip" for content in told):
            await asyncio.sleep(0.01)

    asyncio.run(scrub())
    far.close()
    frames = [c for c in told if c["kind"] == "frames" and len(c["times_s"]) == 1]
    assert 1 <= len(frames) <= 3  # what was under way, and the last
    assert frames[-1]["times_s"] == [39.0]
    stretch = next(i for i, c in enumerate(told) if len(c["times_s"]) == 10)
    assert stretch > told.index(frames[-1])


def test_a_closed_film_says_nothing_more(served):
    far, told = served
    far.close()
    far.ask({"kind": "frame", "time_s": 1.0})
    assert told == []


def test_sound_is_silent_and_loud_when_the_film_is(film):
    quiet, loud = (soundtrack.stretch(film, start_s, start_s + 2) for start_s in (20.0, 40.0))
    assert len(quiet) == len(loud) == 2 * soundtrack.RATE_HZ
    assert np.abs(quiet).max() < 0.01
    assert np.sqrt(np.mean(loud**2)) == pytest.approx(0.5 / np.sqrt(2), abs=0.02)
    edge = soundtrack.stretch(film, 29.0, 31.0)
    assert np.flatnonzero(np.abs(edge) > 0.1)[0] / soundtrack.RATE_HZ == pytest.approx(
        1.0, abs=0.05
    )


def test_a_piece_of_sound_is_small_and_as_long_as_it_says(film):
    data = soundtrack.piece(film, 2)
    assert len(data) < 6 * soundtrack.PIECE_S * soundtrack.BIT_RATE / 8 / 3
    with av.open(io.BytesIO(data), "r") as container:
        heard = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    assert heard == pytest.approx(soundtrack.PIECE_S, abs=0.05)


def test_a_player_of_a_film_sends_no_frame_until_it_is_asked(film):
    player = FramePlayer.of(film, seen=[1.0, 2.0])
    assert (player.far, player.frames, player.silence) == (True, [], "")
    assert (player.width, player.height, player.period_s) == (64, 36, 0.2)
    assert player.duration_s == LENGTH_S
    assert len(json.dumps(player.seen_s)) < 100
    assert repr(player) == "FramePlayer(a film, 60.00 s)"
    assert player.snapshot() is not None


def test_without_a_kernel_a_film_is_its_strip_and_its_sound(film):
    state = FramePlayer.of(film).static_state()
    assert (state["far"], state["coarse"], len(state["frames"])) == (False, True, STRIP)
    assert len(state["sound"]) == 3
    assert state["times_s"] == sorted(state["times_s"])


def test_sound_that_is_too_long_stays_with_the_kernel(film, monkeypatch):
    monkeypatch.setattr(soundtrack, "MOST_BYTES", 1000)
    state = FramePlayer.of(film).static_state()
    assert (state["sound"], state["silence"]) == ([], "1 minutes are too long to be sent along")


def test_a_clip_sounds_when_its_film_is_given(film, clip):
    assert FramePlayer.of(clip).silence == "the film has none"
    assert FramePlayer.of(clip, sound=False).silence == "switched off"
    heard = FramePlayer.of(film.sample(4), sound=film)
    assert (len(heard.sound), heard.silence) == (3, "")
    assert FramePlayer.of(film.sample(4)).silence == "give sound=film to hear it"


def test_its_figure_has_the_pictures_asked_for(film, clip):
    for player in (FramePlayer.of(film), FramePlayer.of(clip)):
        assert sum(bool(ax.images) for ax in player.figure(3).axes) == 3
