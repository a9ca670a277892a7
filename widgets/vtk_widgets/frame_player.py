"""Frame player: the frames as the model got them, at the times they were shown."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from traitlets import Bool, Bytes, Float, Int, List, Unicode

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_widgets._assets import css, esm
from vtk_widgets.parts.film.pictures import end_s, jpeg
from vtk_widgets.selection import Linked, Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

    from vtk_notebooks.video import Film
    from vtk_widgets.parts.film.far_film import FarFilm

_STILL = 6  # pictures in a snapshot


class FramePlayer(Linked):
    """Play, scrub, step and zoom. The clock runs in the browser, by presentation time.

    A clip is sent whole. Of a film, however long, the browser asks for the frames around the place
    on view, and gets a coarse strip of the rest.

    Keys: space plays, left and right step a frame, with shift to the next frame the model saw,
    Home and End jump, m is for sound; + and - zoom, 0 fits, 1 shows pixel by pixel, alt and the
    arrows move the picture (so does a drag), and Ctrl with the wheel zooms where the pointer is.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    frames = List(Bytes(), help="JPEG, one per frame").tag(sync=True)
    times_s = List(Float(), help="presentation time of each frame, rising").tag(sync=True)
    seen_s = List(Float(), help="times of the frames that the model saw").tag(sync=True)
    duration_s = Float(0.0, help="when the last frame gives way").tag(sync=True)
    width = Int(0, help="of a frame, in pixels").tag(sync=True)
    height = Int(0, help="of a frame, in pixels").tag(sync=True)
    far = Bool(False, help="whether frames are asked for as they are needed").tag(sync=True)
    period_s = Float(0.04, help="about how long a frame of a far film stands").tag(sync=True)
    coarse = Bool(False, help="whether `frames` are but a few of a film's").tag(sync=True)
    sound = List(Bytes(), help="WebM with Opus, `piece_s` each; empty where it is asked for").tag(
        sync=True
    )
    piece_s = Float(20.0, help="seconds of sound in a piece").tag(sync=True)
    silence = Unicode("", help="why there is no sound; '' where there is").tag(sync=True)

    _clip: Clip | None = None
    _film: "FarFilm | None" = None

    @classmethod
    def of(
        cls,
        clip: "Clip | Film | str | Path | bytes",
        selection: Selection | None = None,
        *,
        seen: Clip | Iterable[float] | None = None,
        max_width: int = 640,
        sound: "Film | str | Path | bytes | bool" = True,
    ) -> "FramePlayer":
        """Play this.

        Args:
            clip: frames, or a film (open or by its path) that is read bit by bit.
            selection: shared with the widgets that shall move along.
            seen: the clip the model got, or its times, when `clip` has more frames than that.
            max_width: of the pictures that are sent; they are never enlarged.
            sound: the film that a clip was taken from, to hear it; False for silence.
        """
        linked = {} if selection is None else {"selection": selection}
        if not isinstance(clip, Clip):
            return cls._of_film(clip, seen, max_width, bool(sound), linked)
        seen = clip if seen is None else seen
        pieces, silence = _heard(clip, sound)
        width = min(max_width, clip.frames.shape[2])
        made = cls(
            frames=[jpeg(frame, max_width) for frame in clip.frames],
            times_s=clip.times_s.tolist(),
            seen_s=_seconds(seen),
            duration_s=end_s(clip),
            width=width,
            height=max(1, round(clip.frames.shape[1] * width / clip.frames.shape[2])),
            sound=pieces,
            silence=silence,
            **linked,
        )
        made._clip = clip
        return made

    @classmethod
    def _of_film(
        cls, film: Any, seen: Any, max_width: int, sound: bool, linked: dict[str, Any]
    ) -> "FramePlayer":
        from vtk_notebooks.video import Film, open_clip
        from vtk_widgets.parts.film import soundtrack
        from vtk_widgets.parts.film.far_film import FarFilm

        film = film if isinstance(film, Film) else open_clip(film)
        facts = film.facts
        width = min(max_width, facts.width)
        made = cls(
            seen_s=[] if seen is None else _seconds(seen),
            duration_s=film.duration_s,
            width=width,
            height=max(1, round(facts.height * width / facts.width)),
            far=True,
            period_s=float(facts.period),
            piece_s=soundtrack.PIECE_S,
            silence=_why_silent(facts.has_audio, sound, soundtrack.can_encode()),
            **linked,
        )
        made._film = FarFilm(film, max_width, made.send)
        made.on_msg(made._asked)
        return made

    def figure(self, count: int = 6, **how: Any) -> "Figure":
        """A film strip for a paper, with the times of its pictures."""
        from vtk_notebooks.figures.film_strip import film_strip

        if self._clip is not None:
            return film_strip(self._clip, count, seen_s=self.seen_s, **how)
        if self._film is not None:
            return film_strip(self._film.film.sample(count), count, seen_s=self.seen_s, **how)
        hint = "Make the player with FramePlayer.of."
        raise VtkError("FramePlayer.figure", "a clip or a film", "none", hint)

    def snapshot(self) -> "Image | None":
        """A film strip of at most six frames."""
        from vtk_widgets._snapshot import film_strip

        if self._film is not None:
            clip = self._film.film.sample(_STILL, short_side=120)
            return film_strip([jpeg(frame, 160) for frame in clip.frames], most=_STILL)
        return film_strip(self.frames, most=_STILL) if self.frames else None

    def static_state(self) -> dict[str, Any]:
        """Without a kernel a film is its coarse strip, and its sound where that is short."""
        if self._film is None:
            return {}
        strip = self._film.strip()
        pieces, silence = ([], self.silence) if self.silence else _pieces(self._film.film)
        return {
            "frames": [data for _, data in strip],
            "times_s": [time_s for time_s, _ in strip],
            "far": False,
            "coarse": True,
            "sound": pieces,
            "silence": silence,
        }

    def close(self) -> None:
        """Stop reading, and free the widget."""
        if self._film is not None:
            self._film.close()
        super().close()

    def __repr__(self) -> str:
        what = "a film" if self._film is not None else f"{len(self.frames)} frames"
        return f"FramePlayer({what}, {self.duration_s:.2f} s)"

    def _asked(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if self._film is not None and isinstance(content, dict):
            self._film.ask(content)


def _seconds(seen: Clip | Iterable[float]) -> list[float]:
    times_s = seen.times_s if isinstance(seen, Clip) else seen
    return [float(s) for s in np.asarray(list(times_s))]


def _why_silent(has_audio: bool, wanted: bool, can_encode: bool) -> str:
    """Why there is no sound, for people; "" where there is."""
    if not wanted:
        return "switched off"
    if not has_audio:
        return "the film has none"
    return "" if can_encode else "this build of FFmpeg writes no Opus"


def _heard(clip: Clip, sound: Any) -> tuple[list[bytes], str]:
    """Pieces of sound for a clip, or why there are none."""
    if isinstance(sound, bool):
        has = clip.origin.has_audio
        hint = "give sound=film to hear it" if has else "the film has none"
        return [], hint if sound else "switched off"
    from vtk_notebooks.video import Film, open_clip
    from vtk_widgets.parts.film import soundtrack

    film = sound if isinstance(sound, Film) else open_clip(sound)
    silence = _why_silent(film.facts.has_audio, True, soundtrack.can_encode())
    return ([], silence) if silence else _pieces(film)


def _pieces(film: "Film") -> tuple[list[bytes], str]:
    """The whole track in pieces, unless it is too long to be sent along."""
    from vtk_widgets.parts.film import soundtrack

    if film.duration_s * soundtrack.BIT_RATE / 8 > soundtrack.MOST_BYTES:
        return [], f"{film.duration_s / 60:.0f} minutes are too long to be sent along"
    return [
        soundtrack.piece(film, number) for number in range(soundtrack.count(film.duration_s))
    ], ""
