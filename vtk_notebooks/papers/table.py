"""The atlas as data for programs and as a table for people."""

from typing import Any

from vtk_notebooks.papers.card import papers
from vtk_notebooks.papers.status import Status, mechanisms, paper_file, status_of
from vtk_notebooks.registry import unknown

_MARK = {"working": "*", "planned": " "}


def families() -> tuple[str, ...]:
    """Families of the atlas, alphabetically."""
    return tuple(sorted({p.family for p in papers().values()}))


def atlas(family: str | None = None, status: Status | None = None) -> list[dict[str, Any]]:
    """One plain dict per system, as `vtk-notebooks atlas --json` prints it.

    Args:
        family: only this one.
        status: only systems that are that far.
    """
    if family is not None and family not in families():
        raise unknown("atlas", "family", family, families())
    keys = [key for key, p in papers().items() if family in (None, p.family)]
    rows = [_row(key) for key in keys]
    return [row for row in rows if status in (None, row["status"])]


def atlas_table(family: str | None = None, status: Status | None = None, width: int = 100) -> str:
    """The atlas as plain text: family by family, working systems starred.

    Args:
        family: only this one.
        status: only systems that are that far.
        width: of a line in characters; ideas are cut to fit.
    """
    every = atlas(family)
    rows = [row for row in every if status in (None, row["status"])]
    key_width = max((len(row["key"]) for row in rows), default=0)
    lines = []
    for name in sorted({row["family"] for row in rows}):
        lines.append(f"{name} ({_share([row for row in every if row['family'] == name])})")
        lines += [_line(row, key_width, width) for row in rows if row["family"] == name]
        lines.append("")
    return "\n".join([*lines, f"{_share(every)}; * works here"])


def _row(key: str) -> dict[str, Any]:
    p, file, status = papers()[key], paper_file(key), status_of(key)
    return {
        "key": key,
        "name": p.name,
        "title": p.title,
        "family": p.family,
        "authors": p.authors,
        "year": p.year,
        "arxiv": p.arxiv,
        "venue": p.venue,
        "idea": p.idea,
        "evidence": p.evidence,
        "status": status,
        "mechanisms": list(mechanisms(key)),
        "demo": hasattr(file, "demo"),
        "tests": list(getattr(file, "TESTS", ())),
        "differs": getattr(file, "DIFFERS", ""),
    }


def _line(row: dict[str, Any], key_width: int, width: int) -> str:
    start = f"{_MARK[row['status']]} {row['key']:<{key_width}}  {row['year']}  "
    room = max(width - len(start), 20)
    idea = row["idea"]
    return start + (idea if len(idea) <= room else idea[: room - 1].rstrip() + "…")


def _share(rows: list[dict[str, Any]]) -> str:
    done = sum(row["status"] == "working" for row in rows)
    return f"{done} of {len(rows)} working"
