"""Sound: the audio track as one waveform on the clock of the pictures."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from vtk_notebooks.errors import VtkError


@dataclass(frozen=True)
class Waveform:
    """Mono samples; number n sounds `n / rate_hz` seconds after the start of the film.

    Args:
        samples: within -1 and 1, save for what the codec overshoots.
        rate_hz: samples a second.
    """

    samples: Float32[np.ndarray, "n"]
    rate_hz: int

    def __post_init__(self) -> None:
        if self.rate_hz <= 0:
            raise VtkError("Waveform", "a rate above 0", self.rate_hz, "Try rate_hz=16000.")

    @property
    def duration_s(self) -> float:
        """Length of the track."""
        return len(self.samples) / self.rate_hz
