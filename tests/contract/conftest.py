"""Made films, questions and trained heads for the promises that all members share."""

from typing import Any

import pytest


@pytest.fixture
def film():
    """Makes tokens of noise; a still half, then a moving one."""
    import torch

    from vtk_notebooks.tokens import Tokens

    def make(grid=(8, 6, 6), width=16, seed=0, dtype=torch.float32, grad=False):
        draw = torch.Generator().manual_seed(seed)
        x = torch.randn(*grid, width, generator=draw, dtype=torch.float64)
        x[: grid[0] // 2] = x[0]
        x = x.to(dtype).requires_grad_(grad)
        return Tokens.from_grid(x, torch.arange(grid[0]) / 2, space="made")

    return make


@pytest.fixture
def query():
    """A question in the films' space."""
    import torch

    from vtk_notebooks.query import Query

    words = torch.randn(3, 16, generator=torch.Generator().manual_seed(9))
    return Query("a made question", words.mean(0), words, ("a", "made", "question"), "made")


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """For heads that learn: the parameters that name weights trained on planted clips.

    They are those of the package where it brings some.
    """
    from vtk_notebooks.registry import maker, parameters
    from vtk_notebooks.training import planted, train_head
    from vtk_notebooks.training.shipped import shipped_file

    films = [planted(seed) for seed in range(256)]
    files = {}

    def parameters_of(name):
        if "file" not in parameters("head", name):
            return {}
        if shipped_file(name, "made").is_file():
            return {"file": "made"}
        if name not in files:
            files[name] = tmp_path_factory.mktemp("heads") / f"{name}.safetensors"
            kind: Any = maker("head", name)
            head = kind.new("made", 32, hidden=32)
            train_head(head, films, steps=220).head.save(files[name])
        return {"file": str(files[name])}

    return parameters_of
