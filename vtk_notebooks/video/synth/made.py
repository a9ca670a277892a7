"""Made films: pictures, sound and the whole truth about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float32, Int16

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.moment import Moment
from vtk_notebooks.video.facts import Picture, Real
from vtk_notebooks.video.sound import Waveform
from vtk_notebooks.video.synth.plan import plan
from vtk_notebooks.video.synth.render import box, render
from vtk_notebooks.video.synth.scene import Scene

CLICK_S = 0.01
CLICK_HZ = 1000
SOUND_HZ = 16000


def make_film(
    seed: int = 0,
    *,
    duration_s: Real = 10,
    size: tuple[int, int] = (96, 128),
    frame_rate_hz: Real = 8,
    shots: int = 3,
    events_per_shot: int = 1,
    titles: int = 0,
    clicks: int = 0,
    grain: Real = 0,
) -> "MadeFilm":
    """A film of moving shapes drawn by lot; the same seed gives the same film.

    Args:
        seed: of everything that is left to chance.
        duration_s: rounded to whole frames.
        size: height and width in pixels.
        frame_rate_hz: frames a second.
        shots: stretches over different grounds.
        events_per_shot: one after the other.
        titles: lines of text, spread over the film.
        clicks: short tones in the sound track; without any the film is silent.
        grain: standard deviation of film grain in grey levels.
    """
    scene = plan(
        np.random.default_rng(seed),
        frames=max(1, round(duration_s * frame_rate_hz)),
        frame_rate_hz=frame_rate_hz,
        size=size,
        shots=shots,
        events_per_shot=events_per_shot,
        titles=titles,
        clicks=clicks,
        grain=grain,
        seed=seed,
    )
    return MadeFilm(scene, name=f"made film {seed}")


@dataclass(frozen=True)
class MadeFilm:
    """A scene and all that follows from it; nothing is drawn before it is asked for.

    `frames` draws one picture after the other, however long the film; `clip`, `labels`, `masks`
    and `boxes` hold the whole film in memory.
    """

    scene: Scene
    name: str = "made film"

    def __len__(self) -> int:
        return len(self.scene)

    @property
    def duration_s(self) -> float:
        """Up to the end of the last frame."""
        return float(self.scene.duration_s)

    def frames(self) -> Iterator[tuple[float, Picture]]:
        """Every frame with its time, drawn on the way."""
        for number in range(len(self)):
            time_s = float(self.scene.time_s(number))
            yield time_s, render(self.scene, time_s)[0]

    @cached_property
    def clip(self) -> Clip:
        """All frames."""
        return Clip(self._drawn[0], np.array(self._times_s()), self.origin)

    @property
    def origin(self) -> Origin:
        """Where the clip comes from."""
        height, width = self.scene.size
        return Origin(
            name=self.name,
            duration_s=self.duration_s,
            frame_rate_hz=float(self.scene.frame_rate_hz),
            width=width,
            height=height,
            backend="made",
            has_audio=bool(self.scene.clicks_s),
        )

    @property
    def captions(self) -> list[str]:
        """One sentence for each shot."""
        return self.scene.captions()

    @property
    def moments(self) -> list[Moment]:
        """When each event is on screen, with its text."""
        return [event.moment for event in self.scene.events]

    @property
    def title_moments(self) -> list[Moment]:
        """When each title can be read."""
        return [title.moment for title in self.scene.titles]

    @property
    def cuts_s(self) -> list[float]:
        """When new shots begin; the start of the film is not a cut."""
        return [shot.start_s for shot in self.scene.shots[1:]]

    @property
    def labels(self) -> Int16[np.ndarray, "t h w"]:
        """For each pixel the number of its event, or `render.GROUND` or `render.TITLE`."""
        return self._drawn[1]

    @cached_property
    def masks(self) -> Bool[np.ndarray, "o t h w"]:
        """The visible pixels of each event in each frame."""
        numbers = np.arange(len(self.scene.events), dtype=np.int16)
        return self.labels == numbers[:, None, None, None]

    @cached_property
    def boxes(self) -> Float32[np.ndarray, "o t 4"]:
        """Left, top, right, bottom edge of each event in each frame; nan where it is absent."""
        found = [[box(mask) for mask in masks] for masks in self.masks]
        return np.array(found, np.float32).reshape(len(self.scene.events), len(self), 4)

    @cached_property
    def waveform(self) -> Waveform:
        """Silence with a short tone at each click."""
        samples = np.zeros(round(self.duration_s * SOUND_HZ), np.float32)
        at = np.arange(round(CLICK_S * SOUND_HZ)) / SOUND_HZ
        tone = 0.8 * np.cos(2 * np.pi * CLICK_HZ * at) * (1 - at / CLICK_S)
        for click_s in self.scene.clicks_s:
            first = round(click_s * SOUND_HZ)
            samples[first : first + len(tone)] += tone[: len(samples) - first].astype(np.float32)
        return Waveform(samples, SOUND_HZ)

    def _times_s(self) -> list[float]:
        return [float(self.scene.time_s(number)) for number in range(len(self))]

    @cached_property
    def _drawn(self) -> tuple[np.ndarray, np.ndarray]:
        drawn = [render(self.scene, time_s) for time_s in self._times_s()]
        return np.stack([frame for frame, _ in drawn]), np.stack([labels for _, labels in drawn])
