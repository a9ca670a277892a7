"""A stand-in encoder that other processes can import, and small clips with a red square."""

import importlib
import sys

import pytest

SOURCE = '''
import contextlib
import os
import time

import torch

from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


@register("encoder", "sweep_reddish", title="Reddish", paper="test")
class Reddish:
    """Mean colour of each of 2 x 3 cells; it writes down its films."""

    space = "reddish"

    def weights(self):
        return "none"

    def __call__(self, clip, progress=None):
        if log := os.environ.get("SWEEP_LOG"):
            with open(log, "a") as file:
                file.write(f"{clip.origin.name} {torch.get_num_threads()}\\n")
        if clip.origin.name == os.environ.get("SWEEP_HANGS_AT"):
            time.sleep(600)
        if clip.origin.name.startswith("once "):  # waits for its killer, the first time
            with contextlib.suppress(FileExistsError), open(clip.origin.name[5:], "x") as file:
                file.write(str(os.getpid()))
                file.flush()
                time.sleep(600)
        if clip.origin.name == "deadly":
            os._exit(9)
        if clip.origin.name == "bad":
            raise RuntimeError("a film <that> cannot be read")
        frames = torch.tensor(clip.frames).float().movedim(-1, 1)
        times = torch.tensor(clip.times_s).float()
        x = torch.nn.functional.adaptive_avg_pool2d(frames, (2, 3)).movedim(1, -1) - 60
        return Tokens.from_grid(x, times, clip.duration_s, space="reddish")

    def read(self, text):
        red = torch.tensor([1.0, -0.5, -0.5])
        return Query(text, red, red[None], ("red",), "reddish")
'''
MODULE = "sweep_stand_in"


@pytest.fixture(autouse=True)
def stand_in(tmp_path, monkeypatch):
    """The encoder "sweep_reddish"; the list of films that it was shown, in whatever process."""
    from vtk_notebooks import registry

    registry.names("encoder")  # the real ones move in first
    folder, log = tmp_path / "code", tmp_path / "log.txt"
    folder.mkdir()
    (folder / f"{MODULE}.py").write_text(SOURCE)
    log.touch()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("SWEEP_LOG", str(log))
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    importlib.import_module(MODULE)
    yield lambda: [line.split()[0] for line in log.read_text().splitlines()]
    del registry._TABLE["encoder", "sweep_reddish"]
    sys.modules.pop(MODULE, None)


@pytest.fixture
def store(tmp_path):
    from vtk_notebooks.store import Store

    return Store(tmp_path / "store")


@pytest.fixture
def film():
    """A clip with a red square from `first` to `stop`, in half seconds, and noise by its name."""
    import numpy as np

    from vtk_notebooks.clip import Clip, Origin

    def make(name, first=3, stop=6):
        draw = np.random.default_rng(sum(name.encode()))
        frames = draw.integers(40, 80, (8, 4, 6, 3)).astype(np.uint8)
        frames[first:stop, :2, :2] = (220, 10, 10)
        return Clip(frames, np.arange(8) / 2, Origin(name, duration_s=4.0))

    return make


@pytest.fixture
def films(film):
    return [film(name) for name in ("one", "two", "three", "four")]


@pytest.fixture
def recipe():
    from vtk_notebooks.recipe import Recipe

    return Recipe(encoders="sweep_reddish")
