"""Report: a sweep as one HTML page, as CSV with every digit, and as a LaTeX table.

Names of films, questions and recipes come from outside and are escaped for each format.
"""

from html import escape
from pathlib import Path

import numpy as np

from vtk_notebooks import __version__
from vtk_notebooks.atomic import replacing
from vtk_notebooks.errors import StoreError
from vtk_notebooks.registry import unknown
from vtk_notebooks.statistics import LEVEL
from vtk_notebooks.sweep.result import KNOWN, Sweep, Verdict
from vtk_notebooks.text import markup
from vtk_notebooks.text.markup import Number

COSTS = ("tokens", "seconds", "peak_mb")
FORMS = ("latex", "csv", "markdown")
TITLES = ("Recipe", "n", "Errors", "{}", "Difference", "p", "p (Holm)")
COST_TITLES = ("Tokens", "Time (s)", "Peak (MB)", "Pareto")
_STYLE = (
    "body{font:14px/1.5 sans-serif;margin:2em auto;max-width:70em;padding:0 1em}"
    "table{border-collapse:collapse;margin:1em 0}th,td{padding:.2em .8em;text-align:left;"
    "border-bottom:1px solid #ccc}pre{background:#f5f5f5;padding:1em;overflow:auto}"
)


def write_report(sweep: Sweep, folder: Path, command: str = "") -> list[Path]:
    """Four files in a folder, each whole or not there: page, rows, recipes, LaTeX.

    Args:
        sweep: finished or not; the page says which.
        folder: made where it is missing.
        command: that makes the report again.
    """
    texts = {
        "report.html": page(sweep, command),
        "rows.csv": rows_csv(sweep),
        "recipes.csv": summary_in(sweep, "csv"),
        "recipes.tex": summary_in(sweep, "latex"),
    }
    return [_write(folder / name, text) for name, text in texts.items()]


def summary_text(sweep: Sweep) -> str:
    """The table of recipes for a terminal, and what it says of itself."""
    return "\n".join([markup.text(*_summary(sweep)), "", *_notes(sweep)])


def summary_html(sweep: Sweep) -> str:
    """The same for a notebook."""
    notes = "".join(f"<p>{escape(note)}</p>" for note in _notes(sweep))
    return markup.html(*_summary(sweep)) + notes


def summary_in(sweep: Sweep, form: str) -> str:
    """The table of recipes as "latex", "markdown", or "csv" with every digit."""
    if form not in FORMS:
        raise unknown("summary_in", "form", form, FORMS)
    if form == "csv":
        return markup.csv_text(*_exact(sweep))
    return (markup.latex if form == "latex" else markup.markdown)(*_summary(sweep)) + "\n"


def page(sweep: Sweep, command: str = "") -> str:
    """The whole report, without scripts and without anything from elsewhere."""
    titles = ["Film", "Query", "Recipe", *KNOWN, "Error"]
    rows = [
        [r.film, r.query, r.recipe, *(_short(r.numbers.get(k)) for k in KNOWN), r.error]
        for r in sweep.rows
    ]
    told = "".join(
        f"<h3>{escape(name)}</h3><pre>{escape(recipe.to_json())}</pre>"
        for name, recipe in sweep.recipes.items()
    )
    made = f"<p>Made by vtk-notebooks {__version__}: <code>{escape(command)}</code></p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sweep</title>'
        f"<style>{_STYLE}</style></head><body><h1>Sweep</h1>{made}{summary_html(sweep)}"
        f"<h2>Rows</h2>{markup.html(titles, rows)}<h2>Recipes</h2>{told}</body></html>\n"
    )


def rows_csv(sweep: Sweep) -> str:
    """Every row with every digit; the best moment beside its numbers."""
    titles = ["film", "query", "recipe", *KNOWN, "start_s", "end_s", "computed", "reused", "error"]
    rows = []
    for r in sweep.rows:
        best = (r.moments[0].start_s, r.moments[0].end_s) if r.moments else (None, None)
        numbers = [_finite(r.numbers.get(k)) for k in KNOWN]
        rows.append([r.film, r.query, r.recipe, *numbers, *best, r.computed, r.reused, r.error])
    return markup.csv_text(titles, rows)


def _summary(sweep: Sweep) -> tuple[list[str], list[list[str]]]:
    """One line for each recipe, as it is read."""
    verdicts = {v.recipe: v for v in sweep.against()}
    means, costs = sweep.means(), [sweep.means(cost) for cost in COSTS]
    front, rows = _front(sweep), []
    for name in sweep.recipes:
        bad = sum(row.recipe == name for row in sweep.errors)
        against = _against(verdicts.get(name), name == sweep.reference)
        spent = [_short(cost[name]) for cost in costs]
        counts = [Number(means[name].n), Number(bad)]
        star = "*" if name in front else ""
        rows.append([name, *counts, _interval(means[name]), *against, *spent, star])
    return [*(t.format(sweep.quality) for t in TITLES), *COST_TITLES], rows


def _exact(sweep: Sweep) -> tuple[list[str], list[list[object]]]:
    """The same with every digit, intervals in columns of their own."""
    numbers = [sweep.quality, *COSTS]
    titles = [f"{n}{end}" for n in numbers for end in ("", "_low", "_high")]
    versus = ["difference", "difference_low", "difference_high", "p", "p_holm", "test", "pareto"]
    verdicts, front = {v.recipe: v for v in sweep.against()}, _front(sweep)
    means, rows = [sweep.means(n) for n in numbers], []
    for name in sweep.recipes:
        cells = [_finite(v) for m in means for v in (m[name], m[name].low, m[name].high)]
        v = verdicts.get(name)
        difference = v.comparison.difference if v else None
        ends = [difference, difference.low, difference.high] if difference is not None else []
        said: list[object] = [*map(_finite, ends), v.comparison.p, v.p_holm, v.test] if v else []
        said += [None] * (len(versus) - 1 - len(said))
        rows.append([name, means[0][name].n, *cells, *said, name in front])
    return ["recipe", "n", *titles, *versus], rows


def _notes(sweep: Sweep) -> list[str]:
    """What a reader has to know to trust the table."""
    tests = sorted({v.test for v in sweep.against()})
    films = len({row.film for row in sweep.rows})
    rows = f"{len(sweep.rows)} of {sweep.total} rows over {films} films"
    notes = [
        rows + ("." if sweep.finished else "; the sweep was stopped, call it again to go on."),
        f"{sweep.computed} stages computed, {sweep.reused} reused.",
        f"Brackets are {LEVEL:.0%} intervals over films. Differences are to "
        f"{sweep.reference!r}, by {'; '.join(tests) or 'no test: nothing to compare'}.",
        "Time and memory are those of the first computation. * is on the Pareto front of "
        f"{sweep.quality} against tokens.",
    ]
    return notes + [f"{r.film}, {r.recipe}: {r.error}" for r in sweep.errors[:20]]


def _against(verdict: Verdict | None, is_reference: bool) -> list[str]:
    if verdict is None:
        return [Number("reference" if is_reference else "-"), Number("-"), Number("-")]
    ps = (verdict.comparison.p, verdict.p_holm)
    return [_interval(verdict.comparison.difference, "+"), *(Number(f"{p:.3g}") for p in ps)]


def _front(sweep: Sweep) -> list[str]:
    try:
        return sweep.front()
    except ValueError:  # no question that all answered: nothing can be said
        return []


def _interval(estimate: "float | int", sign: str = "") -> Number:
    low, high = getattr(estimate, "interval", (np.nan, np.nan))
    if not np.isfinite(estimate):
        return Number("-")
    ends = f" [{low:{sign}.3g}, {high:{sign}.3g}]" if np.isfinite(low) else ""
    return Number(f"{float(estimate):{sign}.3g}{ends}")


def _short(value: "float | int | None") -> Number:
    return Number("-" if value is None or not np.isfinite(value) else f"{float(value):.4g}")


def _finite(value: "float | int | None") -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            part.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        hint = "Choose another folder."
        raise StoreError("Sweep.report", "a place to write to", str(error), hint) from None
    return path
