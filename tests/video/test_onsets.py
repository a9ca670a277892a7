import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.video import make_film, open_clip, write_film
from vtk_notebooks.video.onsets import HOP, decibels, flux, mel_bands, onsets_s, peaks
from vtk_notebooks.video.sound import Waveform

RATE_HZ = 22050


def clicks(*times_s, length_s=4.0):
    t = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    rings = [np.where(t >= s, np.sin(2e4 * (t - s)) * np.exp(-60 * (t - s)), 0) for s in times_s]
    return Waveform(sum(rings, np.zeros(len(t))).astype(np.float32), RATE_HZ)


def test_every_click_is_an_onset_and_nothing_else_is():
    found = onsets_s(clicks(0.7, 1.9, 3.1))
    assert found.tolist() == pytest.approx([0.7, 1.9, 3.1], abs=HOP / RATE_HZ)


def test_silence_has_none():
    assert len(onsets_s(clicks())) == 0
    assert len(onsets_s(Waveform(np.zeros(0, np.float32), RATE_HZ))) == 0


def test_clicks_of_a_film_are_where_it_says(tmp_path):
    made = make_film(3, clicks=4)
    with open_clip(write_film(made, tmp_path / "made.mp4")) as film:
        found = onsets_s(film.audio(RATE_HZ))
    assert found.tolist() == pytest.approx(list(made.scene.clicks_s), abs=0.05)


@settings(max_examples=20)
@given(at_s=st.floats(0.5, 3.0), loud=st.floats(0.01, 1.0))
def test_loudness_does_not_move_an_onset(at_s, loud):
    sound = clicks(at_s)
    quieter = Waveform(sound.samples * np.float32(loud), RATE_HZ)
    assert onsets_s(quieter).tolist() == pytest.approx(onsets_s(sound).tolist(), abs=HOP / RATE_HZ)


def test_getting_louder_is_flux_and_getting_quieter_is_none():
    t = np.arange(2 * RATE_HZ) / RATE_HZ
    fading = (np.sin(2e3 * t) * np.exp(-3 * t)).astype(np.float32)
    down, up = (flux(Waveform(x, RATE_HZ))[10:-10] for x in (fading, fading[::-1].copy()))
    assert down.max() < 0.01 < up.min()


def test_a_peak_is_the_first_that_stands_out_and_the_next_keeps_its_distance():
    x = np.zeros(60)
    x[[10, 11, 30, 50]] = 1.0, 1.0, 0.5, 0.05
    assert np.flatnonzero(peaks(x, RATE_HZ / HOP)).tolist() == [10, 30]


def test_bands_have_area_one_and_cover_all_frequencies():
    bands = mel_bands(RATE_HZ)
    step_hz = RATE_HZ / 2048
    assert bands.shape == (128, 1025)
    assert (bands.sum(1) * step_hz)[20:].tolist() == pytest.approx([1.0] * 108, abs=0.05)
    assert (bands.sum(0)[3:-3] > 0).all()


def test_decibels_stop_80_below_the_loudest():
    assert decibels(np.array([[1.0, 1e-4, 1e-12]])).tolist() == [[0, -40, -80]]
