import logging
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import CancelledError, WeightsError
from vtk_notebooks.models.door import load
from vtk_notebooks.models.packaged.ppocr import Line, titles
from vtk_notebooks.moment import Moment

from ._there import needs

NONE = np.zeros((4, 2), np.float32)


@pytest.fixture(scope="module")
def model():
    return load("ppocr")


def written(*texts):
    """One frame of 320 x 160 pixels for each text, yellow on blue, half a second each."""
    from PIL import Image, ImageDraw, ImageFont

    frames = []
    for text in texts:
        image = Image.new("RGB", (320, 160), (20, 30, 90))
        pen = ImageDraw.Draw(image)
        pen.text((20, 100), text, font=ImageFont.load_default(30), fill=(255, 230, 0))
        frames.append(np.asarray(image))
    times_s = np.arange(len(texts)) * 0.5
    return Clip(np.stack(frames), times_s, Origin("made", len(texts) * 0.5))


def line(text, frame, score=0.9):
    return Line(text, score, NONE, frame, frame * 0.5)


class TestReading:
    pytestmark = needs("ppocr")

    def test_it_reads_what_is_written_and_says_where(self, model):
        (found,) = model.spot(written("", "Chapter two"))
        assert (found.text, found.frame, found.time_s) == ("Chapter two", 1, 0.5)
        assert found.score > 0.9
        (left, top), (right, bottom) = found.corners[0], found.corners[2]
        assert 0 <= left < 0.1 < 0.4 < right < 0.75
        assert 0.55 < top < 0.7 < 0.8 < bottom < 1

    def test_it_says_how_far_it_is_and_stops_when_asked(self, model):
        told = []
        clip = written("a", "b", "c")
        with pytest.raises(CancelledError, match="'read', 1 of 3"):
            model.spot(
                clip, progress=lambda *step: told.append(step), cancel=lambda: len(told) == 1
            )
        assert told == [("read", 0, 3)]

    def test_it_is_shown_blue_first_as_it_was_trained(self, model, monkeypatch):
        seen = []

        def stub(picture):
            seen.append(picture[0, 0].tolist())
            return SimpleNamespace(boxes=None)

        monkeypatch.setattr(model, "model", stub)
        assert model.spot(written("")) == []
        assert seen == [[90, 30, 20]]

    def test_without_its_code_it_says_what_to_type(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "rapidocr", None)
        with pytest.raises(WeightsError, match=r"pip install 'vtk-notebooks\[ocr\]'"):
            load("ppocr")

    def test_it_keeps_its_log_to_itself(self, model, capsys):
        load("ppocr")
        assert "INFO" not in capsys.readouterr().err
        assert logging.getLogger().level == logging.WARNING


def test_the_same_text_in_neighbouring_frames_is_one_moment():
    clip = written("", "", "", "", "", "")
    lines = [line("one", 0), line("two", 1, 0.5), line("two", 2, 0.8), line("one", 4)]
    assert titles(lines, clip) == [
        Moment(0.0, 0.5, 0.9, "one"),
        Moment(0.5, 1.5, 0.8, "two"),
        Moment(2.0, 2.5, 0.9, "one"),
    ]


def test_a_text_in_the_last_frame_lasts_to_the_end_of_the_film():
    clip = written("", "", "")
    assert titles([line("end", 2)], clip) == [Moment(1.0, 1.5, 0.9, "end")]
    cut = Clip(clip.frames, clip.times_s, Origin("made", 1.0))
    assert titles([line("end", 2)], cut) == []
    assert titles([], clip) == []
