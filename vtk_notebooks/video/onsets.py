"""Onsets: when something in a sound track sets in.

Spectral flux, the sum of what grows louder from one moment to the next over all bands of a mel
spectrogram, and the peaks of it that stand out, after "Evaluating the Online Capabilities of Onset
Detection Methods" (Boeck, Krebs and Schedl, 2012). All numbers are those of librosa's
`onset_strength` and `onset_detect` with their defaults, which metrics of sound and picture are
made of; this one needs numpy only.
"""

import numpy as np
from jaxtyping import Bool, Float

from vtk_notebooks.video.sound import Waveform

WINDOW, HOP, BANDS = 2048, 512, 128
"""Samples of a window, samples between windows, and bands of the mel spectrogram."""
QUIET, RANGE_DB = 1e-10, 80.0
"""Least power that counts, and how far below the loudest band anything counts."""
BEFORE_S, AROUND_S, STANDS_OUT = 0.03, 0.10, 0.07
"""A peak is the highest so long before it, and so far above the mean so far around it."""


def onsets_s(sound: Waveform) -> Float[np.ndarray, "n"]:
    """Times of onsets in seconds, each at the start of a hop."""
    return np.flatnonzero(peaks(flux(sound), sound.rate_hz / HOP)) * HOP / sound.rate_hz


def flux(sound: Waveform) -> Float[np.ndarray, "t"]:
    """How much louder it gets at each hop, as the mean over bands in dB."""
    level = decibels(spectrogram(sound.samples) @ mel_bands(sound.rate_hz).T)
    rise = np.maximum(np.diff(level, axis=0), 0).mean(1)
    late = 1 + WINDOW // (2 * HOP)  # a window is centred on its hop, and hears what is to come
    return np.concatenate([np.zeros(late), rise])[: len(level)]


def peaks(x: Float[np.ndarray, "t"], rate_hz: float | int) -> Bool[np.ndarray, "t"]:
    """Which of the values, scaled from 0 to 1, stand out; never two within `BEFORE_S`."""
    found = np.zeros(len(x), dtype=bool)
    if not len(x) or x.max() <= x.min():
        return found
    x = (x - x.min()) / (x.max() - x.min())
    before, around = int(BEFORE_S * rate_hz), int(AROUND_S * rate_hz)
    last = -np.inf
    for n, value in enumerate(x):
        highest = x[max(0, n - before) : n + 1].max()
        usual = x[max(0, n - around) : n + around + 1].mean()
        if value == highest and value >= usual + STANDS_OUT and n - last > before:
            found[n], last = True, n
    return found


def spectrogram(samples: Float[np.ndarray, "n"]) -> Float[np.ndarray, "t f"]:
    """Power at each frequency, for a window centred on every hop; silence beyond both ends."""
    padded = np.pad(samples.astype(float), WINDOW // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    return np.abs(np.fft.rfft(windows * hann, axis=1)) ** 2


def decibels(power: Float[np.ndarray, "t b"]) -> Float[np.ndarray, "t b"]:
    """Power in dB, cut off at `RANGE_DB` below the loudest."""
    level = 10 * np.log10(np.maximum(power, QUIET))
    return np.maximum(level, level.max(initial=-np.inf) - RANGE_DB)


def mel_bands(rate_hz: int) -> Float[np.ndarray, "b f"]:
    """Triangles over frequencies, evenly spaced on Slaney's mel scale, each of area 1 in hertz."""
    edges_hz = _hz(np.linspace(0, _mel(rate_hz / 2), BANDS + 2))
    width = np.diff(edges_hz)
    slope = edges_hz[:, None] - np.fft.rfftfreq(WINDOW, 1 / rate_hz)[None]
    rising, falling = -slope[:-2] / width[:-1, None], slope[2:] / width[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return triangles * (2 / (edges_hz[2:] - edges_hz[:-2]))[:, None]


_STRAIGHT_HZ, _HZ_A_MEL, _STEP = 1000.0, 200 / 3, np.log(6.4) / 27
"""Slaney's scale is straight up to 1 kHz and logarithmic above."""


def _mel(hz: float) -> float:
    bend = _STRAIGHT_HZ / _HZ_A_MEL
    return bend + np.log(hz / _STRAIGHT_HZ) / _STEP if hz > _STRAIGHT_HZ else hz / _HZ_A_MEL


def _hz(mel: Float[np.ndarray, "n"]) -> Float[np.ndarray, "n"]:
    bend = _STRAIGHT_HZ / _HZ_A_MEL
    above = _STRAIGHT_HZ * np.exp(_STEP * (np.maximum(mel, bend) - bend))
    return np.where(mel > bend, above, mel * _HZ_A_MEL)
