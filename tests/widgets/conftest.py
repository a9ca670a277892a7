"""A made film, its tokens and what was found in it."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest


@pytest.fixture(scope="session")
def until():
    """`await until(true)` gives the kernel's loop time until `true()`."""

    async def until_(true):
        for _ in range(400):
            if true():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it never came true")

    return until_


@pytest.fixture
def clip():
    """Six frames, each of one grey, at uneven times."""
    from vtk_notebooks.clip import Clip, Origin

    frames = np.stack([np.full((24, 36, 3), 40 * i, np.uint8) for i in range(6)])
    return Clip(frames, np.array([0.0, 0.1, 0.5, 1.0, 1.1, 3.0]), Origin("made", duration_s=4.0))


@pytest.fixture
def tokens(clip):
    """One token for each of 2 x 3 cells in each frame."""
    import torch

    from vtk_notebooks.tokens import Tokens

    x = torch.randn(6, 2, 3, 4, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.from_numpy(clip.times_s).float(), clip.duration_s)


@pytest.fixture
def merge(tokens):
    """Runs of neighbouring cells; a budget above 0.9 fails."""
    import torch

    def merged(keep):
        if keep > 0.9:
            raise RuntimeError("too much </script> to keep")
        n = len(tokens)
        return tokens.regroup(torch.arange(n) * max(1, round(keep * n)) // n)

    return merged


@pytest.fixture
def run(clip, tokens, merge):
    """What widgets read of a run."""
    import torch

    from vtk_notebooks.moment import Moment

    return SimpleNamespace(
        clip=clip,
        stages=(SimpleNamespace(tokens=tokens), SimpleNamespace(tokens=merge(0.5))),
        label="merge keep=0.5",
        query=SimpleNamespace(text="when?"),
        moments=(Moment(1.0, 3.0, 0.9, "</script><b>bold</b>"), Moment(0.0, 0.5, 0.1)),
        saliency=torch.tensor([0.1, 0.2, torch.nan, 0.4, 0.5, 0.6]),
    )


@pytest.fixture
def red(tmp_path):
    """Films, recipes and a store for widgets that run recipes; see `browser/harness/red.py`."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(
        "red", Path(__file__).parents[1] / "browser" / "harness" / "red.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    yield from module.world(tmp_path / "store")
