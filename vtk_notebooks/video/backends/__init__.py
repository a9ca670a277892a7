"""Backends: ways to get the same frames; each is one file with a function `read`.

`linear` is the reference: everything is decoded. `pyav` decodes what is needed and is what `auto`
takes, except when nearly every frame is wanted. `decord` is there to compare with; `auto` never
takes it, for it is no faster, cannot be interrupted, and reads only ordinary files.
"""

from collections.abc import Iterator
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from vtk_notebooks.registry import unknown
from vtk_notebooks.video.facts import Picture
from vtk_notebooks.video.job import Job

BACKENDS = MappingProxyType({"linear": "linear", "pyav": "pyav", "decord": "decord_"})
"""Name of a backend -> its module; imported when it is first used."""

DENSE = 0.5
"""Share of all frames from which on decoding everything is simplest."""


@runtime_checkable
class Backend(Protocol):
    """What a backend promises: distinct frames in order, each the one seen at a wanted time."""

    def __call__(self, job: Job) -> Iterator[tuple[float, Picture]]: ...


def known(name: str) -> str:
    """The name, if it is "auto" or a backend's."""
    if name != "auto" and name not in BACKENDS:
        raise unknown("open_clip", "backend", name, ["auto", *BACKENDS])
    return name


def choose(name: str, job: Job) -> str:
    """The backend to use; "auto" goes by how much of the film is wanted."""
    if name != "auto":
        return name
    frames = job.facts.duration_s / float(job.facts.period)
    return "linear" if len(job.times_s) > DENSE * frames else "pyav"


def backend(name: str) -> Backend:
    """The reading function of a backend."""
    return import_module(f"{__name__}.{BACKENDS[name]}").read
