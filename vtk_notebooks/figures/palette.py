"""Colours with a fixed meaning, the same in every figure and widget.

The named ones are Okabe and Ito's palette ("Color Universal Design", 2008), which people with any
of the common colour deficiencies can tell apart. Nothing is said by colour alone: marks also
differ in hatching, dashes or shape, because papers are printed in grey.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

if TYPE_CHECKING:
    from matplotlib.colors import LinearSegmentedColormap

TRUTH = "#009E73"
PREDICTION = "#D55E00"
SALIENCY = "#0072B2"
BASELINE = "#999999"
INK = "#222222"
FAINT = "#8A8A8A"


@dataclass(frozen=True)
class Look:
    """How one series is drawn.

    Args:
        dashes: a matplotlib line style.
    """

    colour: str
    marker: str
    dashes: str | tuple[int, tuple[float, ...]]


SERIES = (
    Look("#CC79A7", "o", "-"),
    Look("#56B4E9", "s", (0, (5.0, 1.5))),
    Look("#E69F00", "^", (0, (1.5, 1.0))),
    Look("#000000", "D", (0, (5.0, 1.5, 1.0, 1.5))),
)
"""Looks of series that are neither truth, prediction, saliency nor baseline, in order of use."""
_MORE_MARKERS = "Pv<>hp"
_GREY_MARKERS = "XdvH8"


def look(number: int) -> Look:
    """The look of the series with that number; colours come round again with another marker."""
    base = SERIES[number % len(SERIES)]
    if number < len(SERIES):
        return base
    return Look(base.colour, _MORE_MARKERS[(number - len(SERIES)) % 6], base.dashes)


def grey_look(number: int) -> Look:
    """The look of the baseline with that number."""
    return Look(BASELINE, _GREY_MARKERS[number % 5], ((0, (3.0, 2.0)), (0, (1.0, 1.0)))[number % 2])


def shades(colour: str) -> "LinearSegmentedColormap":
    """From white through the colour to a dark one: lightness alone tells values apart."""
    from matplotlib.colors import LinearSegmentedColormap

    dark = tuple(0.45 * c for c in paler(colour, 1.0))
    return LinearSegmentedColormap.from_list(f"shades of {colour}", ["white", colour, dark])


def token_colours(token: Int[np.ndarray, "n"]) -> Float[np.ndarray, "n 3"]:
    """Steady RGB colours in [0, 1]: `hsl((token * 137.508) % 360, 65%, 55%)`.

    Steps of the golden angle keep the hues of neighbouring numbers apart.
    """
    hue, saturation, light = token[:, None] * 137.508 % 360, 0.65, 0.55
    k = (np.array([0, 8, 4]) + hue / 30) % 12  # CSS Color 4: hsl to rgb, channel by channel
    reach = saturation * min(light, 1 - light)
    return light - reach * np.clip(np.minimum(k - 3, 9 - k), -1, 1)


def paler(colour: str, part: float) -> tuple[float, float, float]:
    """The colour mixed with white: solid, so that nothing needs transparency in a PDF.

    Args:
        colour: a matplotlib colour.
        part: of the colour itself, in [0, 1].
    """
    from matplotlib.colors import to_rgb

    red, green, blue = (1 - part * (1 - c) for c in to_rgb(colour))
    return red, green, blue
