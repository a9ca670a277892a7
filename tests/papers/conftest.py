"""Demos on a real film: a process runs each once, and what films became is remembered."""

import pytest


@pytest.fixture(scope="session")
def on_bikes(tmp_path_factory):
    """The demo of a working paper on the gallery's film of a city."""
    from vtk_notebooks import Store
    from vtk_notebooks.papers import run_demo

    store, done = Store(tmp_path_factory.getbasetemp().parent / "films-of-demos"), {}

    def demo(key: str):
        if key not in done:
            query = "a person riding a bicycle"
            done[key] = run_demo(key, film="bikes", query=query, store=store)
        return done[key]

    return demo
