"""The page: widths in millimetres, one style, and figures that carry it along.

No figure here goes through pyplot, so nothing is shown twice in a notebook, and global settings
are never changed. Fonts are DejaVu Sans, which comes with matplotlib: the same on every machine,
without LaTeX.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures.palette import INK
from vtk_notebooks.registry import unknown

MM_PER_INCH = 25.4
NOTEBOOK_PX_PER_INCH = 120  # a little larger than life: 7 pt text reads well on a screen


class Venue(NamedTuple):
    """Widths that a paper's template leaves for a figure."""

    column_mm: float
    text_mm: float


VENUES = MappingProxyType(
    {
        "aaai": Venue(84.1, 177.8),
        "acl": Venue(77.0, 160.0),
        "acmmm": Venue(84.7, 177.9),
        "cvpr": Venue(83.3, 174.6),
        "eccv": Venue(122.0, 122.0),
        "elsevier": Venue(90.0, 190.0),
        "emnlp": Venue(77.0, 160.0),
        "iccv": Venue(83.3, 174.6),
        "iclr": Venue(139.7, 139.7),
        "icml": Venue(82.5, 171.4),
        "ieee": Venue(88.9, 181.8),
        "ijcv": Venue(84.0, 174.0),
        "naacl": Venue(77.0, 160.0),
        "nature": Venue(89.0, 183.0),
        "neurips": Venue(139.7, 139.7),
        "wacv": Venue(83.3, 174.6),
    }
)
"""Rounded down to 0.1 mm from the templates' lengths, so that nothing sticks out."""

TEXT_PT, SMALL_PT = 7.0, 6.0

_RC: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT_PT,
    "text.usetex": False,
    "text.parse_math": False,  # a dollar sign in a film's name is a dollar sign
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.labelsize": TEXT_PT,
    "axes.labelpad": 2.0,
    "axes.linewidth": 0.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    **{f"{axis}tick.major.{name}": v for axis in "xy" for name, v in (("width", 0.5), ("size", 2))},
    **{f"{axis}tick.major.pad": 1.5 for axis in "xy"},
    "legend.fontsize": SMALL_PT,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "legend.handletextpad": 0.5,
    "legend.columnspacing": 1.6,
    "legend.borderpad": 0.0,
    "legend.borderaxespad": 0.0,
    "lines.linewidth": 1.0,
    "lines.markersize": 3.5,
    "patch.linewidth": 0.5,
    "hatch.linewidth": 0.5,
    "image.composite_image": False,
    "savefig.dpi": 300,
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "svg.fonttype": "none",  # text stays text; who needs it the same everywhere takes the PDF
    "svg.hashsalt": "vtk-notebooks",
}


@contextmanager
def paper_style() -> Iterator[None]:
    """Matplotlib's defaults and our settings, whatever the notebook has set; undone at the end."""
    with style.context(["default", _RC]):
        yield


class PaperFigure(Figure):
    """A matplotlib figure that is drawn and saved in `paper_style` wherever that happens.

    Args:
        drawing: which function drew it and with what, where `@redrawable` knows.
        usetex: whether LaTeX sets its texts.
    """

    drawing: Any = None
    usetex: bool = False

    def draw(self, renderer: Any) -> None:
        with paper_style():
            super().draw(renderer)

    def savefig(self, fname: Any, **options: Any) -> None:
        with paper_style():
            super().savefig(fname, **options)

    @property
    def width_mm(self) -> float:
        """Width on paper."""
        return self.get_figwidth() * MM_PER_INCH

    @property
    def height_mm(self) -> float:
        """Height on paper."""
        return self.get_figheight() * MM_PER_INCH

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """What a notebook shows: twice as fine as its size on the page."""
        out = io.BytesIO()
        self.savefig(out, format="png", dpi=2 * NOTEBOOK_PX_PER_INCH, metadata={"Software": None})
        width, height = self.get_size_inches() * NOTEBOOK_PX_PER_INCH
        return out.getvalue(), {"width": round(width), "height": round(height)}


def figure(width_mm: float, height_mm: float) -> PaperFigure:
    """An empty figure of exactly that size. Fill it inside `paper_style()`."""
    if not (10 <= width_mm <= 1000 and 1 <= height_mm <= 2000):
        got = f"{width_mm:g} mm x {height_mm:g} mm"
        hint = "Sizes are in millimetres: VENUES['cvpr'].column_mm is a column."
        raise VtkError("figure", "10 to 1000 mm of width and 1 to 2000 of height", got, hint)
    with paper_style():
        fig = PaperFigure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))
        FigureCanvasAgg(fig)
    return fig


def panel(
    fig: PaperFigure, left_mm: float, top_mm: float, width_mm: float, height_mm: float
) -> Axes:
    """Axes at that place, measured from the figure's upper left corner."""
    width, height = fig.width_mm, fig.height_mm
    bottom_mm = height - top_mm - height_mm
    return fig.add_axes((left_mm / width, bottom_mm / height, width_mm / width, height_mm / height))


def scale(
    fig: PaperFigure, seen: Any, place_mm: tuple[float, float, float, float], *labels: str
) -> None:
    """A bar of colours with its numbers: left, top, width and height in millimetres.

    Of the labels, the first one that fits stands beside it, or else the last.
    """
    cax = panel(fig, *place_mm)
    fits = [label for label in labels if length_mm(label) <= place_mm[3]]
    fig.colorbar(seen, cax=cax).set_label([*fits, labels[-1]][0], fontsize=SMALL_PT)
    cax.locator_params(axis="y", nbins=4)
    cax.spines["outline"].set_linewidth(0.3)


def length_mm(text: str, size_pt: float = SMALL_PT) -> float:
    """How long a line of text is on paper."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    font = FontProperties(family=["DejaVu Sans"])
    ends = TextPath((0, 0), f"|{text}|", size=size_pt, prop=font).get_extents()  # with its spaces
    bars = TextPath((0, 0), "||", size=size_pt, prop=font).get_extents()
    return float(ends.width - bars.width) / 72 * MM_PER_INCH


def points(length_mm: float) -> float:
    """A length on paper in points, as matplotlib counts offsets."""
    return length_mm / MM_PER_INCH * 72


def venue(name: str) -> Venue:
    """The widths of a venue by its name, in any case."""
    if name.lower() not in VENUES:
        raise unknown("venue", "venue", name, VENUES)
    return VENUES[name.lower()]
