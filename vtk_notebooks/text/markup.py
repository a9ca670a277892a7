"""Rows of text in five formats; whatever a cell says, it stays inside its cell."""

import csv
import html as web
import io
import re
import unicodedata
from collections.abc import Sequence

from vtk_notebooks.text.one_line import one_line


class Number(str):
    """A number as it is shown: aligned to the right, and in no need of escaping."""


Rows = Sequence[Sequence[str]]

_LATEX = {
    **{c: "\\" + c for c in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{
        c: f"{{{c}}}" for c in "[]*"
    },  # a row that starts with one would belong to the last line break
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a cell


def text(titles: Sequence[str], rows: Rows) -> str:
    """Columns aligned with spaces."""
    cells = [[one_line(c) for c in row] for row in [titles, *rows]]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    right = _right(titles, rows)
    lines = (
        "  ".join(_pad(c, w, r) for c, w, r in zip(row, widths, right, strict=True)).rstrip()
        for row in cells
    )
    return "\n".join(lines)


def markdown(titles: Sequence[str], rows: Rows) -> str:
    """A pipe table in which no text can open a tag, a link or another cell."""
    rule = ["---:" if r else "---" for r in _right(titles, rows)]
    body = [[c if isinstance(c, Number) else _markdown(c) for c in row] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [titles, rule, *body])


def latex(titles: Sequence[str], rows: Rows) -> str:
    """A `tabular` for `booktabs`."""
    layout = "".join("r" if r else "l" for r in _right(titles, rows))
    head, *body = [" & ".join(map(latex_text, row)) + r" \\" for row in [titles, *rows]]
    lines = [rf"\begin{{tabular}}{{{layout}}}", r"\toprule", head, r"\midrule", *body]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"])


def html(titles: Sequence[str], rows: Rows) -> str:
    """A table element without scripts or styles of its own."""
    head = "".join(f"<th>{web.escape(t)}</th>" for t in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{web.escape(one_line(c))}</td>" for c in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def csv_text(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Comma-separated values; a text that looks like a formula gets a leading apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(titles)
    for row in rows:
        writer.writerow([_inert(c) if isinstance(c, str) else c for c in row])
    return out.getvalue()


def _right(titles: Sequence[str], rows: Rows) -> list[bool]:
    """Columns of numbers stand to the right."""
    return [any(isinstance(row[i], Number) for row in rows) for i in range(len(titles))]


def _width(cell: str) -> int:
    """Columns of a terminal: wide letters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in cell)
    return len(cell) + wide - sum(unicodedata.combining(c) > 0 for c in cell)


def _pad(cell: str, width: int, right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if right else cell + space


def _markdown(cell: str) -> str:
    cell = re.sub(r"([\\`*_{}\[\]()#+!|~$])", r"\\\1", one_line(cell))
    return cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def latex_text(cell: str) -> str:
    """A text on one line that LaTeX shows as it is."""
    return "".join(_LATEX.get(c, c) for c in one_line(cell))


def _inert(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell
