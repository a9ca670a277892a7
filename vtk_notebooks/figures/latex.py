"""LaTeX, for papers that want their own letters in figures; nothing here needs it otherwise.

Every text of a figure is escaped, so that a film's name is a name and never a command.
"""

import shutil
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import Formatter

from vtk_notebooks.errors import VtkError
from vtk_notebooks.text.markup import latex_text

PROGRAMS = ("latex", "kpsewhich", "dvipng")
"""What matplotlib calls to set text."""


class Escaped(Formatter):
    """Another formatter's numbers, fit for LaTeX."""

    def __init__(self, inner: Formatter) -> None:
        self.inner = inner

    def __call__(self, x: float, pos: int | None = None) -> str:
        return escaped(self.inner(x, pos))

    def set_axis(self, axis: Any) -> None:
        """The inner one reads it."""
        self.inner.set_axis(axis)

    def set_locs(self, locs: Any) -> None:
        """Likewise."""
        self.inner.set_locs(locs)

    def get_offset(self) -> str:
        """What all numbers have in common."""
        return escaped(self.inner.get_offset())


def set_in_latex(fig: Figure) -> None:
    """From now on LaTeX sets the figure's texts.

    Raises:
        VtkError: where it is not installed.
    """
    if getattr(fig, "usetex", False):
        return
    if missing := [name for name in PROGRAMS if shutil.which(name) is None]:
        hint = "Install it (Debian: texlive-latex-extra cm-super dvipng), or leave usetex out."
        raise VtkError("usetex", "LaTeX on this machine", f"no {', '.join(missing)}", hint)
    axes: list[Any] = [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)]
    for axis in axes:
        axis.set_major_formatter(Escaped(axis.get_major_formatter()))
    fig.draw_without_rendering()  # now all ticks are there
    ticks = {id(t) for axis in axes for t in axis.get_ticklabels(which="both")}
    texts: list[Any] = fig.findobj(Text)
    for text in texts:
        if id(text) not in ticks:
            text.set_text(escaped(text.get_text()))
        text.set_usetex(True)
    fig.usetex = True  # type: ignore[attr-defined]  # once is enough, and the record says so


def escaped(text: str) -> str:
    """A text that LaTeX shows as it is, line by line."""
    lines = [latex_text(line).replace("\N{MINUS SIGN}", "$-$") for line in text.split("\n")]
    return "\n".join(lines)
