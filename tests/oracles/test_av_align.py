"""AV-Align, on the peaks that the authors' code, OpenCV and librosa find."""

import io
import wave

import numpy as np
import pytest

from vtk_notebooks.metrics.generation.av_align import AvAlign, local_maxima
from vtk_notebooks.video.flow import motion
from vtk_notebooks.video.onsets import onsets_s
from vtk_notebooks.video.sound import Waveform


@pytest.fixture
def expected(oracle):
    return oracle("reference_values/mechanism_vectors_expected.json")


def test_peaks_are_matched_as_in_the_authors_code(expected):
    found = [AvAlign().iou(case["a"], case["v"], case["fps"]) for case in expected["av_align_iou"]]
    assert found == [case["iou"] for case in expected["av_align_iou"]] == [0.5, 0.5, 0, 0, 0, 1]


def test_local_maxima_are_those_of_the_authors_code(expected):
    case = expected["av_align_localmax"]
    found = np.flatnonzero(local_maxima(np.array(case["arr"]))) / case["fps"]
    assert found.tolist() == pytest.approx(case["out"])


def test_motion_peaks_where_opencv_says(expected, oracle):
    case = expected["av_align_clip"]
    moved = motion(oracle("reference_values/av_video.npz")["frames"].astype(float))
    assert len(moved) == case["flow_len"]
    assert moved.max() == pytest.approx(case["flow_max"], abs=1e-4)
    seen = np.flatnonzero(local_maxima(moved)) / case["fps"]
    assert seen.tolist() == pytest.approx(case["video_peaks"])
    assert AvAlign().iou(case["audio_peaks"], seen.tolist(), case["fps"]) == case["iou"]


def test_clicks_set_in_where_librosa_says(expected, oracle):
    with wave.open(io.BytesIO(oracle("reference_values/clicks.wav"))) as file:
        rate_hz, raw = file.getframerate(), file.readframes(file.getnframes())
    sound = Waveform(np.frombuffer(raw, np.int16).astype(np.float32) / 32768, rate_hz)
    assert onsets_s(sound).tolist() == pytest.approx(expected["av_align_clip"]["audio_peaks"])
