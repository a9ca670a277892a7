"""Scene: what happens in a made film, said before anything is drawn.

Places are shares of the frame, (0, 0) top left and (1, 1) bottom right; sizes are shares of its
shorter side; times are seconds. A thing is on screen for `start_s <= t < end_s`.
"""

from dataclasses import dataclass
from types import MappingProxyType

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import unknown
from vtk_notebooks.video.facts import Real

Point = tuple[Real, Real]
"""Share of the width, share of the height."""

COLOURS = MappingProxyType(
    {
        "red": (214, 40, 40),
        "green": (46, 160, 67),
        "blue": (38, 98, 214),
        "yellow": (240, 200, 40),
        "purple": (140, 60, 180),
        "orange": (240, 130, 30),
        "white": (245, 245, 245),
        "black": (15, 15, 15),
    }
)

GROUNDS = MappingProxyType(
    {
        "grey": (120, 120, 120),
        "sand": (205, 185, 150),
        "navy": (28, 36, 72),
        "moss": (70, 85, 55),
        "rose": (190, 140, 145),
        "teal": (50, 105, 110),
    }
)

FORMS = ("square", "circle", "triangle")

MOTIONS = MappingProxyType(
    {
        "left": "moves left",
        "right": "moves right",
        "up": "moves up",
        "down": "moves down",
        "still": "stands still",
    }
)
"""Motion -> how a caption says it."""


@dataclass(frozen=True)
class Shape:
    """A thing in one colour.

    Args:
        side: of the square around it.
    """

    form: str = "square"
    colour: str = "red"
    side: Real = 0.3

    def __post_init__(self) -> None:
        for what, got, known in (("form", self.form, FORMS), ("colour", self.colour, COLOURS)):
            if got not in known:
                raise unknown("Shape", what, got, known)

    @property
    def text(self) -> str:
        """What it is called."""
        return f"{_article(self.colour)} {self.colour} {self.form}"


@dataclass(frozen=True)
class Event:
    """A shape that goes from one place to another, at a constant pace, and is gone.

    Args:
        begin: its centre at `start_s`, as (x, y).
        finish: its centre at `end_s`, likewise.
    """

    shape: Shape
    motion: str
    start_s: Real
    end_s: Real
    begin: Point = (0.5, 0.5)
    finish: Point = (0.5, 0.5)

    def __post_init__(self) -> None:
        if self.motion not in MOTIONS:
            raise unknown("Event", "motion", self.motion, MOTIONS)

    @property
    def text(self) -> str:
        """What a caption says of it."""
        return f"{self.shape.text} {MOTIONS[self.motion]}"

    @property
    def moment(self) -> Moment:
        """When it is on screen."""
        return Moment(float(self.start_s), float(self.end_s), text=self.text)

    def centre(self, time_s: Real) -> Point | None:
        """Where it is then, or None."""
        if not self.start_s <= time_s < self.end_s:
            return None
        share = (time_s - self.start_s) / (self.end_s - self.start_s)
        (x0, y0), (x1, y1) = self.begin, self.finish
        return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


@dataclass(frozen=True)
class Title:
    """A line of text in the strip at the bottom of the frame."""

    text: str
    start_s: Real
    end_s: Real

    @property
    def moment(self) -> Moment:
        """When it can be read."""
        return Moment(
            float(self.start_s), float(self.end_s), text=f'the text "{self.text}" appears'
        )


@dataclass(frozen=True)
class Shot:
    """A stretch of film over one ground."""

    start_s: Real
    end_s: Real
    ground: str = "grey"

    def __post_init__(self) -> None:
        if self.ground not in GROUNDS:
            raise unknown("Shot", "ground", self.ground, GROUNDS)


@dataclass(frozen=True)
class Scene:
    """A whole made film: all that a renderer needs to know.

    Args:
        size: height and width in pixels.
        shots: one after the other, from 0 to `duration_s`.
        events: drawn in this order, later ones in front.
        titles: drawn over everything.
        clicks_s: when the sound track clicks.
        grain: standard deviation of film grain in grey levels; 0 keeps still parts still.
        seed: of the grain.
    """

    duration_s: Real
    frame_rate_hz: Real
    size: tuple[int, int]
    shots: tuple[Shot, ...]
    events: tuple[Event, ...] = ()
    titles: tuple[Title, ...] = ()
    clicks_s: tuple[Real, ...] = ()
    grain: Real = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not (self.duration_s > 0 and self.frame_rate_hz > 0 and min(self.size) > 0):
            got = f"{self.duration_s} s, {self.frame_rate_hz} Hz, {self.size}"
            raise VtkError("Scene", "a length, a frame rate and a size above 0", got)
        starts, ends = [s.start_s for s in self.shots], [s.end_s for s in self.shots]
        if [*starts, self.duration_s] != [0.0, *ends]:
            hint = "Each shot starts where the one before ends."
            raise VtkError("Scene", "shots from 0 to duration_s", [*starts, *ends], hint)

    def __len__(self) -> int:
        """How many frames there are."""
        return max(1, round(self.duration_s * self.frame_rate_hz))

    def time_s(self, number: int) -> float:
        """When frame number so and so is shown."""
        return number / self.frame_rate_hz

    def captions(self) -> list[str]:
        """One sentence for each shot."""
        return [self._caption(shot) for shot in self.shots]

    def _caption(self, shot: Shot) -> str:
        said = [e.text for e in self.events if shot.start_s <= e.start_s < shot.end_s]
        return f"On {shot.ground} ground, {', then '.join(said) or 'nothing happens'}."


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
