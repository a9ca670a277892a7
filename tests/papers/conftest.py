"""Demos on a real film; each takes seconds, so a process runs it once."""

from functools import cache

import pytest


@cache
def _run(key: str):
    from vtk_notebooks.papers import run_demo

    return run_demo(key, film="bikes", query="a person riding a bicycle")


@pytest.fixture
def on_bikes():
    """The demo of a working paper on the gallery's film of a city."""
    return _run
