"""Sound comes on the clock of the pictures."""

from fractions import Fraction

import av
import numpy as np
import pytest

from vtk_notebooks.errors import DecodeError, VtkError
from vtk_notebooks.video import Waveform, gallery_film, make_film, open_clip, write_film


def onsets_s(waveform, quiet_s=0.1):
    """Where it becomes loud after silence."""
    loud = np.flatnonzero(np.abs(waveform.samples) > 0.2)
    fresh = np.diff(loud, prepend=-(10**9)) > quiet_s * waveform.rate_hz
    return loud[fresh] / waveform.rate_hz


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
@pytest.mark.parametrize("rate_hz", [16000, 44100])
def test_clicks_are_heard_when_they_were_made(tmp_path, ending, rate_hz):
    made = make_film(3, duration_s=6, clicks=4, size=(32, 32))
    film = open_clip(write_film(made, tmp_path / f"clicks.{ending}"))
    assert film.origin.has_audio
    heard = film.audio(rate_hz)
    assert heard.rate_hz == rate_hz
    np.testing.assert_allclose(onsets_s(heard), made.scene.clicks_s, atol=0.025)


def test_a_sound_track_that_starts_late_is_late_by_silence(tmp_path, films):
    path = tmp_path / "late.mkv"
    with av.open(str(path), "w") as container:
        video, audio = (
            container.add_stream("h264", rate=25),
            container.add_stream("flac", rate=8000),
        )
        video.height, video.width, video.pix_fmt, audio.layout = 48, 64, "yuv420p", "mono"
        for number in range(50):
            frame = av.VideoFrame.from_ndarray(films.picture(number, (48, 64)), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        tone = np.full((1, 4000), 20000, np.int16)
        for start in (4000, 12000):  # and with a hole in it
            sound = av.AudioFrame.from_ndarray(tone, "s16", "mono")
            sound.rate, sound.pts, sound.time_base = 8000, start, Fraction(1, 8000)
            container.mux(audio.encode(sound))
        container.mux(audio.encode())
    heard = open_clip(path).audio(8000)
    np.testing.assert_allclose(onsets_s(heard), [0.5, 1.5], atol=0.01)
    assert len(heard.samples) == 16_000
    assert len(open_clip(path).audio(11_025).samples) == pytest.approx(22_050, abs=2)


def test_a_real_film_with_six_channels_is_mixed_down():
    try:
        film = open_clip(gallery_film("bigbuckbunny"))
    except VtkError as error:
        pytest.skip(str(error))
    heard = film.audio()
    assert heard.duration_s == pytest.approx(5.3, abs=0.05)
    assert 0.01 < np.abs(heard.samples).max() <= 1


def test_a_silent_film_says_so(films):
    with pytest.raises(DecodeError, match="has_audio"):
        open_clip(films.even("silent.mp4", frames=3)).audio()


def test_a_rate_of_nothing_is_refused(films):
    with pytest.raises(VtkError, match="16000"):
        open_clip(films.even("silent.mp4", frames=3)).audio(0)
    with pytest.raises(VtkError, match="16000"):
        Waveform(np.zeros(3, np.float32), 0)
