"""Asked by: a sweep's questions one by one, its recipes as the models that answered."""

from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import Asked
from vtk_notebooks.sweep.result import Sweep


def asked_by(sweep: Sweep) -> Asked:
    """Questions whose truth is known, and each recipe's moments; a row with an error has none."""
    known = {(row.film, row.query): row.truth for row in sweep.rows if row.truth}
    if not known:
        hint = "Ask with Question(text, truth=(Moment(...),))."
        raise VtkError("asked_by", "a sweep whose truths are known", "none", hint)
    said = {(row.recipe, row.film, row.query): row.moments for row in sweep.rows}
    return Asked(
        ids=tuple(str(n) for n in range(len(known))),
        films=tuple(film for film, _ in known),
        texts=tuple(query for _, query in known),
        truths=tuple(known.values()),
        answers={r: tuple(said.get((r, *key), ()) for key in known) for r in sweep.recipes},
    )
