"""Numbers: what a run says about itself, by the names that tables, figures and sweeps use."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from vtk_notebooks.runs import Run


def _score(run: Run) -> float:
    return run.moments[0].score if run.moments else float("nan")


NUMBERS: Mapping[str, Callable[[Run], float | int]] = MappingProxyType(
    {
        "tokens": lambda run: len(run.tokens),
        "kept": lambda run: 100 * len(run.tokens) / len(run.stages[0].tokens),
        "feature_mb": lambda run: run.tokens.x.nbytes / 1e6,
        "encode_s": lambda run: run.stages[0].seconds,
        "compress_s": lambda run: sum(s.seconds for s in run.stages[1:]),
        "seconds": lambda run: run.seconds,
        "peak_mb": lambda run: run.peak_bytes / 1e6,
        "score": _score,
    }
)
"""What a run says about itself; nothing is computed from the film again."""
