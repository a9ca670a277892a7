"""Row: what one recipe answered to one question about one film, or why it could not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.runs import Run
from vtk_notebooks.sweep.numbers import NUMBERS
from vtk_notebooks.sweep.question import Question


@dataclass(frozen=True)
class Row:
    """One cell of a sweep.

    Args:
        recipe: its name in the sweep.
        film: likewise. Untrusted text, as the query is.
        query: the text that was asked.
        numbers: by name: those of `NUMBERS`, and `iou` where the truth is known (else nan).
        moments: best first.
        computed: stages that were computed for this row.
        reused: stages that were in the store, or that a remembered row had no need of.
        error: why there are no numbers; "" where there are.
        truth: the moments that answer the query; empty where nobody knows.
    """

    recipe: str
    film: str
    query: str
    numbers: Mapping[str, float | int] = field(default_factory=dict)
    moments: tuple[Moment, ...] = ()
    computed: int = 0
    reused: int = 0
    error: str = ""
    truth: tuple[Moment, ...] = ()

    @classmethod
    def failed(cls, recipe: str, film: str, query: str, error: BaseException | str) -> "Row":
        """The row of a film, or a recipe, that went wrong."""
        known = isinstance(error, VtkError | str)
        why = str(error) if known else f"{type(error).__name__}: {error}"
        return cls(recipe, film, query, error=why)


def record_of(run: Run) -> dict[str, Any]:
    """What the store keeps of a row: everything but the truth, which may become known later."""
    moments = [(m.start_s, m.end_s, m.score, m.text) for m in run.moments]
    numbers = {name: float(read(run)) for name, read in NUMBERS.items()}
    return {"numbers": numbers, "moments": moments, "stages": len(run.stages)}


def row_from(
    record: Mapping[str, Any], recipe: str, film: str, question: Question, computed: int = 0
) -> Row:
    """A row from its record and the truth of today."""
    moments = tuple(Moment(*m) for m in record["moments"])
    numbers = {**record["numbers"], "iou": question.iou(moments)}
    reused = record["stages"] - computed
    return Row(
        recipe, film, question.text, numbers, moments, computed, reused, truth=question.truth
    )
